import { Accounts } from './access/accounts.ts'
import { Directory } from './access/directory.ts'
import { Entry } from './access/entry.ts'
import { Licences } from './access/licences.ts'
import { Operators } from './access/operators.ts'
import { Otps } from './access/otp.ts'
import { Privileges } from './access/privileges.ts'
import { RoleChanges } from './access/role-changes.ts'
import { RolesInForce } from './access/roles-in-force.ts'
import { WebKeys } from './access/web-keys.ts'
import type { EngineOptions, Ports } from './ports/index.ts'
import { Activity } from './process/activity.ts'
import { CallLog } from './process/call-log.ts'
import { ClientCalls } from './process/client-calls.ts'
import { Executor } from './process/executor.ts'
import { KeyedCalls } from './process/keyed-calls.ts'
import { OpenCalls } from './process/open-calls.ts'
import { ProcessActs } from './process/process-acts.ts'
import { Processes } from './process/processes.ts'
import { WebCalls } from './process/web-calls.ts'
import { Connections } from './session/connections.ts'
import { IdleSweep } from './session/idle-sweep.ts'
import { Orders } from './session/orders.ts'
import { ProcedureRequests } from './session/procedure-requests.ts'
import { Procedures } from './session/procedures.ts'
import { Receipts } from './session/receipts.ts'
import { Reconciler } from './session/reconciler.ts'
import { Schedules } from './session/schedules.ts'
import { SessionActs } from './session/session-acts.ts'
import { SessionEnd } from './session/session-end.ts'
import { SessionKeeper } from './session/session-keeper.ts'
import { SessionMoves } from './session/session-moves.ts'
import { SessionRestore } from './session/session-restore.ts'
import { Sessions } from './session/sessions.ts'
import { Standalone } from './session/standalone.ts'
import { WebSessions } from './session/web.ts'
import { StorageCommands } from './storage/storage-commands.ts'
import { Versions } from './version/versions.ts'

/** The engine's services, wired. */
export interface EngineRooms {
  sessions: Sessions
  keeper: SessionKeeper
  versions: Versions
  roleChanges: RoleChanges
  directory: Directory
  operators: Operators
  accounts: Accounts
  privileges: Privileges
  storage: StorageCommands
  entry: Entry
  licences: Licences
  callLog: CallLog
  executor: Executor
  processes: Processes
  processActs: ProcessActs
  activity: Activity
  calls: ClientCalls
  open: OpenCalls
  end: SessionEnd
  connections: Connections
  moves: SessionMoves
  acts: SessionActs
  orders: Orders
  procedures: Procedures
  procedureRequests: ProcedureRequests
  schedules: Schedules
  standalone: Standalone
  restore: SessionRestore
  reconciler: Reconciler
  keys: WebKeys
  otps: Otps
  web: WebSessions
  webCalls: WebCalls
  sweep: IdleSweep
}

export const furnish = (ports: Ports, options: EngineOptions): EngineRooms => {
  const sessions = new Sessions(new RolesInForce())
  const roleChanges = new RoleChanges(ports, { sessions })
  const keeper = new SessionKeeper(ports)
  const privileges = new Privileges(ports, { keeper })
  const storage = new StorageCommands(ports, { keeper })
  const versions = new Versions(ports)
  const directory = new Directory(ports)
  const operators = new Operators(ports, directory)
  const callLog = new CallLog(ports)
  const executor = new Executor(ports, callLog, options.payloadBytes)
  const processes = new Processes(ports, { executor, keeper })
  const open = new OpenCalls(ports.clock)
  const keyed = new KeyedCalls(ports, { keeper, open })
  const calls = new ClientCalls({ sessions, processes, executor, directory, open, keyed, log: callLog }, options.payloadBytes)
  const orders = new Orders(ports, options, { sessions, keeper })
  const receipts = new Receipts(ports, options.payloadBytes)
  const sent = { orders, receipts }
  const end = new SessionEnd(ports, { sessions, keeper, versions, processes, ...sent })
  const accounts = new Accounts({ directory, operators, sessions, end })
  const admission = { entry: new Entry(ports), licences: new Licences(ports, options.maxClients, sessions) }
  const connections = new Connections(ports, options, { sessions, keeper, versions, directory, processes, end, orders, ...admission })
  const moves = new SessionMoves(ports, { keeper, versions, connections })
  const acts = new SessionActs(ports, { sessions, keeper, versions, moves, end, ...sent })
  const procedures = new Procedures(ports, options, { sessions, keeper, versions, processes, executor })
  const processActs = new ProcessActs(ports, { processes, procedures })
  const procedureRequests = new ProcedureRequests({ procedures, sessions, processes, versions, directory }, options.payloadBytes)
  const schedules = new Schedules(ports, { versions, procedures })
  const standalone = new Standalone(ports, options, { sessions, versions, processes, executor })
  const reconciler = new Reconciler(ports, options, { sessions, versions, processes, connections, end })
  const sweep = new IdleSweep(ports.clock, { isNeeded: () => sessions.hasTokens, sweep: () => web.sweep() })
  const keys = new WebKeys(ports, { sessions, sweep })
  const otps = new Otps(ports, { sessions, keys, sweep })
  const web = new WebSessions(ports, options, { sessions, versions, processes, end, keys, otps, privileges, licences: admission.licences })
  const webCalls = new WebCalls({ processes, executor, directory, web, end, open, log: callLog }, options.payloadBytes)
  const restore = new SessionRestore(ports, options, { sessions, keeper, versions, processes, connections, procedures, end, orders, keys, sweep })
  const browsers = { keys, otps, web, webCalls, sweep }
  const people = { directory, operators, accounts, ...admission }
  return {
    sessions,
    keeper,
    versions,
    roleChanges,
    ...people,
    privileges,
    storage,
    callLog,
    executor,
    processes,
    processActs,
    activity: new Activity(ports, options, sessions),
    calls,
    open,
    end,
    connections,
    moves,
    acts,
    orders,
    procedures,
    procedureRequests,
    schedules,
    standalone,
    restore,
    reconciler,
    ...browsers,
  }
}
