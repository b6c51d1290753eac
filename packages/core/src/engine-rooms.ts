import { Accounts } from './access/accounts.ts'
import { Directory } from './access/directory.ts'
import { Operators } from './access/operators.ts'
import { RoleChanges } from './access/role-changes.ts'
import { RolesInForce } from './access/roles-in-force.ts'
import type { EngineOptions, Ports } from './ports/index.ts'
import { ClientCalls } from './process/client-calls.ts'
import { Executor } from './process/executor.ts'
import { Processes } from './process/processes.ts'
import { Connections } from './session/connections.ts'
import { Procedures } from './session/procedures.ts'
import { SessionActs } from './session/session-acts.ts'
import { SessionEnd } from './session/session-end.ts'
import { SessionMoves } from './session/session-moves.ts'
import { Sessions } from './session/sessions.ts'
import { Standalone } from './session/standalone.ts'
import { Versions } from './version/versions.ts'

/** The engine's services, wired. */
export interface EngineRooms {
  sessions: Sessions
  versions: Versions
  roleChanges: RoleChanges
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
}

export const furnish = (ports: Ports, options: EngineOptions): EngineRooms => {
  const sessions = new Sessions(new RolesInForce())
  const roleChanges = new RoleChanges(ports, { sessions })
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
  const people = { directory, operators, accounts }
  return { sessions, versions, roleChanges, ...people, executor, processes, calls, end, connections, moves, acts, procedures, standalone }
}
