import type { CallOptions, Unsubscribe } from '@tessera/kit'
import { type CatalogRow, limits, type MessageDown, type MovedTo, TesseraError, type Welcome } from '@tessera/protocol'
import { type CallPlace, runCall } from './calls.ts'
import { Emitter } from './emitter.ts'
import { type OrderHandler, Orders } from './orders.ts'
import { ReloadDeadline } from './reload-deadline.ts'
import type { Remote, RemoteEvents, RemoteProcess, Version } from './remote.ts'
import { type LinkListener, type LinkOptions, SessionLink } from './session-link.ts'
import { StoredProcedures } from './stored-procedures.ts'

/** The public face of one session: what `connect` gives. */
export class RemoteSession implements Remote {
  readonly #link: SessionLink
  readonly #events = new Emitter<RemoteEvents>()
  readonly #calls: CallPlace
  readonly storedProcedures: StoredProcedures
  readonly #deadline: ReloadDeadline
  readonly #orders: Orders
  /** Whether the session was another program's before. */
  readonly #isTakenUp: boolean
  /** Processes that somebody here knows of: others that come back with a resume are left-overs of a lost answer. */
  readonly #known = new Set<number>()
  #welcome: Welcome = notWelcomed
  /** Number of the message that was shown last: a message that arrives again is acknowledged again, and not shown. */
  #shown = 0

  constructor(options: LinkOptions & { autoReload: boolean }) {
    this.#link = new SessionLink(options, this.#linkListener())
    this.#calls = { requests: this.#link.requests, surroundings: options.surroundings, payloadBytes: () => this.#welcome.payloadBytes }
    this.storedProcedures = new StoredProcedures(this.#calls)
    this.#orders = new Orders({ requests: this.#link.requests, payloadBytes: () => this.#welcome.payloadBytes })
    this.#isTakenUp = options.introduction.resume !== undefined
    this.#deadline = new ReloadDeadline(options.surroundings, {
      held: !options.autoReload,
      // What the server answers is its last word: it knows that this session did not move, and says so again.
      accept: (version) => void this.move(version).catch(() => undefined),
    })
  }

  async open(): Promise<this> {
    this.#welcome = await this.#link.open()
    this.#know(this.#welcome)
    this.#orders.begin(this.#welcome, this.#isTakenUp)
    setImmediate(() => {
      this.#events.release()
      this.#orders.release()
    })
    return this
  }

  get sessionId(): string {
    return this.#welcome.sessionId
  }

  get version(): Version {
    return this.#welcome.version
  }

  get userName(): string {
    return this.#welcome.userName
  }

  get resumeToken(): string {
    return this.#welcome.resumeToken
  }

  get ticket(): string {
    return this.#welcome.ticket
  }

  call(method: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.callWith(noOptions, method, ...args)
  }

  callWith(options: CallOptions, method: string, ...args: readonly unknown[]): Promise<unknown> {
    return runCall(this.#calls, { process: () => this.#welcome.mainProcess, method, args, options })
  }

  async process(name: string): Promise<RemoteProcess> {
    const { process: number } = await this.#link.requests.ask('openProcess', () => ({ name }), { repeatable: false })
    this.#known.add(number)
    return {
      number,
      call: (method, ...args) => runCall(this.#calls, { process: () => number, method, args, options: noOptions }),
      callWith: (options, method, ...args) => runCall(this.#calls, { process: () => number, method, args, options }),
      close: () => this.#closeProcess(number),
    }
  }

  on<Name extends keyof RemoteEvents>(event: Name, listener: (value: RemoteEvents[Name]) => void): Unsubscribe {
    return this.#events.on(event, listener)
  }

  async register(name: string): Promise<void> {
    await this.#link.requests.ask('register', () => ({ name }), { repeatable: false })
  }

  async unregister(): Promise<void> {
    await this.#link.requests.ask('unregister', () => ({}), { repeatable: true })
  }

  serveOrders(handler: OrderHandler): void {
    this.#orders.serve(handler)
  }

  holdReload(): void {
    this.#deadline.hold()
  }

  async move(version: string): Promise<MovedTo> {
    if (version !== this.version.id) await this.#askToMove(version)
    return { version: this.version, ticket: this.ticket }
  }

  catalog(): Promise<CatalogRow> {
    return this.#link.requests.ask('catalog', () => ({}), { repeatable: true })
  }

  sleep(): Promise<void> {
    return this.#link.sleep()
  }

  wake(): Promise<void> {
    return this.#link.wake()
  }

  async close(): Promise<void> {
    this.#deadline.cancel()
    await this.#link.close(new TesseraError('SESSION_ENDED', 'This session was closed here.'))
  }

  #linkListener(): LinkListener {
    return {
      message: (message, received) => this.#message(message, received),
      order: (order, received) => this.#orders.take(order, received),
      reload: (reload) => {
        this.#events.emit('reload', reload)
        this.#deadline.notice(reload)
      },
      progress: (progress) => this.storedProcedures.heard(progress),
      away: (graceMs) => this.#events.emit('reconnecting', { graceMs }),
      postponed: () => this.#events.emit('postponed', {}),
      resumed: (welcome, silently) => this.#resumed(welcome, silently),
      ended: (code, reason) => {
        this.#deadline.cancel()
        this.#events.emit('closed', { code, reason })
      },
    }
  }

  #message({ number, text, at }: MessageDown, received: () => void): void {
    if (number <= this.#shown) return received()
    this.#shown = number
    this.#events.emit('message', { text, at }, received)
  }

  #resumed(welcome: Welcome, silently: boolean): void {
    const leftOver = welcome.processes.filter(({ process }) => process !== welcome.mainProcess && !this.#known.has(process))
    for (const { process } of leftOver) void this.#closeProcess(process).catch(() => undefined)
    this.#movedTo(welcome)
    this.storedProcedures.resumed(welcome.restarted)
    // Even a silent return must say that variables are gone.
    if (!silently || welcome.restarted) this.#events.emit('resumed', { version: welcome.version, restarted: welcome.restarted })
  }

  #movedTo(welcome: Welcome): void {
    const changed = welcome.version.id !== this.#welcome.version.id
    this.#welcome = welcome
    if (changed) this.#events.emit('moved', { version: welcome.version })
  }

  async #askToMove(version: string): Promise<void> {
    try {
      const moved = await this.#link.requests.ask('move', () => ({ version }), { repeatable: true })
      this.#movedTo({ ...this.#welcome, version: moved.version, ticket: moved.ticket })
    } catch (error) {
      // Asked again after a resume, a move that had come through is refused: what counts is where the session is.
      if (version !== this.version.id) throw error
    }
  }

  #know(welcome: Welcome): void {
    for (const { process } of welcome.processes) this.#known.add(process)
  }

  async #closeProcess(number: number): Promise<void> {
    this.#known.delete(number)
    try {
      await this.#link.requests.ask('closeProcess', () => ({ process: number }), { repeatable: true })
    } catch (error) {
      // Closed before, or gone with its session: either way there is nothing left to close.
      if (!(error instanceof TesseraError) || (error.code !== 'PROCESS_NOT_FOUND' && error.code !== 'SESSION_ENDED')) throw error
    }
  }
}

const noOptions: CallOptions = {}

const notWelcomed: Welcome = {
  sessionId: '',
  resumeToken: '',
  version: { id: '', digest: '' },
  ticket: '',
  mainProcess: 0,
  processes: [],
  resumed: false,
  restarted: false,
  userName: '',
  graceSeconds: limits.graceSeconds,
  sleepSeconds: limits.sleepSeconds,
  postponedSeconds: limits.postponedSeconds,
  payloadBytes: limits.payloadBytes,
  toldOrder: 0,
}
