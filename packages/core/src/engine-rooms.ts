import { Accounts } from './access/accounts.ts'
import { Directory } from './access/directory.ts'
import { Operators } from './access/operators.ts'
import { Otps } from './access/otp.ts'
import { permitWeb } from './access/permit-web.ts'
import { WebKeys } from './access/web-keys.ts'
import type { EngineOptions, Ports } from './ports/index.ts'
import { ClientCalls } from './process/client-calls.ts'
import { Executor } from './process/executor.ts'
import { Processes } from './process/processes.ts'
import { WebCalls } from './process/web-calls.ts'
import { Connections } from './session/connections.ts'
import { IdleSweep } from './session/idle-sweep.ts'
import { Procedures } from './session/procedures.ts'
import { SessionActs } from './session/session-acts.ts'
import { SessionEnd } from './session/session-end.ts'
import { SessionMoves } from './session/session-moves.ts'
import { Sessions } from './session/sessions.ts'
import { Standalone } from './session/standalone.ts'
import { WebSessions } from './session/web.ts'
import { Versions } from './version/versions.ts'

/** The engine's services, wired. */
export interface EngineRooms {
  sessions: Sessions
  versions: Versions
  directory: Directory
  operators: Operators
  accounts: Accounts
  executor: Executor
  processes: Processes
  calls: ClientCalls
  end: SessionEnd
  connections: Connections
  moves: SessionMoves
  acts: SessionActs
  procedures: Procedures
  standalone: Standalone
  keys: WebKeys
  otps: Otps
  web: WebSessions
  webCalls: WebCalls
  sweep: IdleSweep
}

export const furnish = (ports: Ports, options: EngineOptions): EngineRooms => {
  const sessions = new Sessions()
  const versions = new Versions(ports)
  const directory = new Directory(ports)
  const operators = new Operators(ports, directory)
  const executor = new Executor(ports)
  const processes = new Processes(ports, executor)
  const calls = new ClientCalls({ sessions, processes, executor, directory }, options.payloadBytes)
  const end = new SessionEnd(ports, { sessions, versions, processes })
  const accounts = new Accounts({ directory, operators, sessions, end })
  const connections = new Connections(ports, options, { sessions, versions, directory, processes, end })
  const moves = new SessionMoves(ports, { versions, connections })
  const acts = new SessionActs(ports, { sessions, versions, moves, end })
  const procedures = new Procedures(ports, options, { sessions, versions, processes, executor })
  const standalone = new Standalone(ports, options, { sessions, versions, processes, executor })
  const sweep = new IdleSweep(ports.clock, { isNeeded: () => sessions.hasTokens, sweep: () => web.sweep() })
  const keys = new WebKeys(ports, { sessions, sweep })
  const otps = new Otps(ports, { sessions, keys, sweep })
  const web = new WebSessions(ports, options, { sessions, versions, processes, end, keys, otps })
  const webCalls = new WebCalls({ processes, executor, directory, web, end }, { payloadBytes: options.payloadBytes, permit: permitWeb })
  const browsers = { keys, otps, web, webCalls, sweep }
  const people = { directory, operators, accounts }
  return { sessions, versions, ...people, executor, processes, calls, end, connections, moves, acts, procedures, standalone, ...browsers }
}
