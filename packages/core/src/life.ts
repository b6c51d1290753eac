import { TesseraError } from '@tessera/protocol'
import type { EngineRooms } from './engine-rooms.ts'
import type { EngineOptions, Ports } from './ports/index.ts'
import { runServerMethod } from './session/run-server-method.ts'
import type { Publisher } from './version/publisher.ts'
import { within } from './within.ts'

type Rooms = EngineRooms & { publisher: Publisher }
type State = 'starting' | 'running' | 'stopping'

/** How long Close Connection, `onServerShutdown` and stored procedures each may take when the server stops (4d.md DBM-32). */
const stopGraceMs = 10_000

/** How the engine starts and stops, each once (SPEC S15, P15, E5). */
export class Life {
  readonly #ports: Ports
  readonly #options: EngineOptions
  readonly #rooms: Rooms
  readonly #startedAt: number
  #state: State = 'starting'
  #started: Promise<unknown> = Promise.resolve()
  #stopped: Promise<void> | null = null

  constructor(ports: Ports, options: EngineOptions, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
    this.#startedAt = ports.clock.now()
  }

  get facts(): { state: State; startedAt: number } {
    return { state: this.#state, startedAt: this.#startedAt }
  }

  start(publish: () => Promise<unknown>): Promise<{ ownerToken: string }> {
    const starting = this.#start(publish)
    this.#started = starting.catch(() => undefined)
    return starting
  }

  /** Called twice, it stops once, and both wait for it. */
  stop(reason: string): Promise<void> {
    this.#stopped ??= this.#stop(reason)
    return this.#stopped
  }

  async #start(publish: () => Promise<unknown>): Promise<{ ownerToken: string }> {
    const { versions, procedures, operators, connections, restore, entry, licences } = this.#rooms
    await Promise.all([entry.load(), licences.load()])
    await versions.load(await restore.load())
    this.#rooms.publisher.open()
    await publish()
    this.#checkWanted()
    restore.putBack()
    versions.restored()
    await procedures.open(versions.needCurrent())
    if (!this.#options.standalone) await runServerMethod(this.#rooms, 'onServerStartup')
    const ownerToken = await operators.createOwner()
    this.#checkWanted()
    this.#setState('running')
    this.#rooms.web.admit()
    if (!this.#options.standalone) connections.admit()
    restore.endTheEnded()
    this.#rooms.reconciler.start()
    if (!this.#options.standalone) this.#rooms.schedules.begin()
    return { ownerToken }
  }

  async #stop(reason: string): Promise<void> {
    const wasRunning = this.#state === 'running'
    this.#rooms.connections.refuse()
    this.#rooms.reconciler.stop()
    this.#rooms.schedules.stop()
    this.#rooms.web.refuse()
    this.#setState('stopping')
    const published = within(this.#ports.clock, stopGraceMs, this.#rooms.publisher.stop())
    if (wasRunning) {
      await this.#endSessions(reason)
      if (!this.#options.standalone) await this.#shutDown()
      await this.#rooms.procedures.stop(reason, stopGraceMs)
    }
    this.#rooms.keeper.giveUp()
    await published
    this.#rooms.sweep.stop()
    await this.#ports.isolates.stop()
    await within(this.#ports.clock, stopGraceMs, this.#started)
  }

  async #endSessions(reason: string): Promise<void> {
    const sessions = [...this.#rooms.sessions.all()].filter(({ kind }) => kind !== 'storedProcedures')
    const closings = Promise.all(sessions.map((session) => this.#rooms.end.close(session, 'SERVER_STOPPING', reason)))
    if (!(await within(this.#ports.clock, stopGraceMs, closings))) this.#ports.logger.warn('Close Connection was cut short: the server stops')
  }

  async #shutDown(): Promise<void> {
    const run = runServerMethod(this.#rooms, 'onServerShutdown').catch((error: unknown) => {
      this.#ports.logger.error('onServerShutdown failed', { detail: error instanceof TesseraError ? error.message : String(error) })
    })
    if (!(await within(this.#ports.clock, stopGraceMs, run))) this.#ports.logger.warn('onServerShutdown was cut short: the server stops')
  }

  #checkWanted(): void {
    if (this.#state === 'stopping') throw new TesseraError('SERVER_STOPPING', 'The server was stopped while it started.')
  }

  #setState(state: State): void {
    this.#state = state
    this.#ports.bus.emit({ name: 'server.stateChanged', state })
  }
}
