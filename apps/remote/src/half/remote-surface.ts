import type { AbortSignalLike, CallOptions, Remote, RemoteEvents, RemoteProcess } from '@tessera/kit'
import { encodeStorable, type Storable, TesseraError } from '@tessera/protocol'
import type { Ask, HalfEvent, HalfFacts } from '../half-messages.ts'
import type { Launcher } from './launcher.ts'
import { LocalProcesses, mainProcess } from './local-processes.ts'
import { ProceduresOfHalf } from './procedures.ts'

type BeforeReload = () => Storable | Promise<Storable>
interface AskedCall {
  method: string
  args: readonly unknown[]
  options: CallOptions
}
type AfterReload = (handedOver: Storable) => void | Promise<void>

/** A listener whose event is known by the place where it is kept. */
interface Listener {
  hear(value: unknown): void
}

/** What project code finds at `remote`. */
export class RemoteSurface implements Remote {
  readonly sessionId: string
  readonly version: string
  readonly userParam: string
  readonly server: Remote['server']
  readonly procedures = new ProceduresOfHalf((ask) => this.#ask(ask))
  /** What was registered last counts: there is one value to hand over. */
  beforeReloadHook: BeforeReload | null = null
  afterReloadHook: AfterReload | null = null
  /** False while modules load: the server may still run another version for this session. */
  begun = false
  readonly processes: LocalProcesses
  readonly #launcher: Launcher
  readonly #listeners = new Map<string, Set<Listener>>()

  constructor(launcher: Launcher, facts: HalfFacts) {
    this.sessionId = facts.sessionId
    this.version = facts.version
    this.userParam = facts.userParam
    this.processes = new LocalProcesses(facts.sessionId)
    this.#launcher = launcher
    this.server = {
      call: (method, ...args) => this.callIn(null, method, args),
      callWith: (options, method, ...args) => this.callIn(null, method, args, options),
    }
  }

  /** `process` null: the main process. */
  async callIn(process: number | null, method: string, args: readonly unknown[], options: CallOptions = {}): Promise<Storable> {
    return this.#callFrom({ local: mainProcess, process }, { method, args, options })
  }

  async process(name: string): Promise<RemoteProcess> {
    const number = Number(await this.#ask({ kind: 'openProcess', name }))
    const local = this.processes.open(name)
    return {
      number,
      call: (method, ...args) => this.#callFrom({ local, process: number }, { method, args, options: {} }),
      callWith: (options, method, ...args) => this.#callFrom({ local, process: number }, { method, args, options }),
      close: async () => {
        this.processes.close(local)
        await this.#ask({ kind: 'closeProcess', process: number })
      },
    }
  }

  async register(name: string): Promise<void> {
    await this.#ask({ kind: 'register', name: String(name) })
  }

  async unregister(): Promise<void> {
    await this.#ask({ kind: 'unregister' })
  }

  on<Name extends keyof RemoteEvents>(name: Name, listener: (value: RemoteEvents[Name]) => void): () => void {
    const entry: Listener = { hear: (value: RemoteEvents[Name]) => listener(value) }
    const listeners = this.#listeners.get(name) ?? new Set<Listener>()
    this.#listeners.set(name, listeners.add(entry))
    return () => listeners.delete(entry)
  }

  /** A listener that throws ends the client half, as any uncaught error does. */
  emit({ name, value }: HalfEvent): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener.hear(value)
  }

  beforeReload(fn: BeforeReload): void {
    this.beforeReloadHook = fn
  }

  afterReload(fn: AfterReload): void {
    this.afterReloadHook = fn
  }

  /** Never settles: what comes next is `onExit`, and then this process is over. */
  quit(): Promise<void> {
    this.#launcher.say({ kind: 'quit' })
    return new Promise(() => {})
  }

  async #callFrom({ local, process }: { local: number; process: number | null }, { method, args, options }: AskedCall): Promise<Storable> {
    const { signal, ...rest } = options
    const ask: Ask = { kind: 'call', process, method, args: encodeStorable(args), cancellable: signal !== undefined, ...rest }
    return this.processes.during(local, this.#ask(ask, signal))
  }

  async #ask(ask: Ask, signal?: AbortSignalLike): Promise<Storable> {
    if (this.begun) return this.#launcher.ask(ask, signal)
    throw new TesseraError('NOT_AVAILABLE_HERE', 'The server cannot be called while modules load: call it in onStartup or afterReload.')
  }
}
