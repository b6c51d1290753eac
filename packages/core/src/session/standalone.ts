import { type StorableText, TesseraError } from '@tessera/protocol'
import type { OpenedStandalone } from '../commands.ts'
import type { SessionId } from '../ids.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import type { Executor } from '../process/executor.ts'
import type { Processes } from '../process/processes.ts'
import type { Versions } from '../version/versions.ts'
import { admitSession } from './admit-session.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  sessions: Sessions
  versions: Versions
  processes: Processes
  executor: Executor
}

/** The one session of a project that runs alone (4d.md SES-10, SES-26, PRC-07, DBM-01). */
export class Standalone {
  readonly #ports: Ports
  readonly #options: EngineOptions
  readonly #rooms: Rooms

  constructor(ports: Ports, options: EngineOptions, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
  }

  async open(): Promise<OpenedStandalone> {
    const version = this.#rooms.versions.needCurrent()
    const session = admitSession(this.#ports, this.#options, { rooms: this.#rooms, owner: { kind: 'standalone', user: { id: 1, name: 'designer' }, version } })
    session.move({ name: 'active', connection: 0 }, session.createdAt)
    const main = this.#rooms.processes.create(session, { kind: 'twin', name: 'main', version })
    session.main = main
    this.#ports.bus.emit({ name: 'session.opened', sessionId: session.id })
    this.#rooms.processes.announce(main)
    return { sessionId: session.id, process: main.number, version: version.label }
  }

  /** On Startup or On Exit, where the project has them: they belong to the client and to running alone, never to the server. */
  async run(id: SessionId, name: 'onStartup' | 'onExit'): Promise<StorableText | null> {
    const session = this.#rooms.sessions.need(id)
    const { main } = session
    if (session.kind !== 'standalone' || main === null) throw new TesseraError('ILLEGAL_STATE', 'Only a standalone session starts up and exits here.')
    return this.#rooms.executor.database(session, main, { name, args: '[]' })
  }
}
