import type { RemoteEvents } from '@tessera/client'
import { TesseraError } from '@tessera/protocol'
import { type HalfSource, type LoadedHalf, loadVersion } from './active-half.ts'
import type { HalfEvent } from './half-messages.ts'
import { type Crash, errorOfCrash } from './half-process.ts'
import { type ReloadNotice, replaceHalf } from './reload.ts'
import { signal } from './signal.ts'

/** Why a client ends. */
type End = { kind: 'quit' } | { kind: 'crash'; crash: Crash } | ({ kind: 'closed' } & RemoteEvents['closed'])

/** 4d.md DBM-32: a client that quits has this long for `onExit`. */
const exitMs = 13_000

/** One connected client: its client half, the reloads it goes through, and its end. */
export class RunningClient {
  readonly #source: HalfSource
  readonly #onLine: (line: string) => void
  readonly #end = signal<End>()
  #active: LoadedHalf | null = null
  #wanted: ReloadNotice | null = null
  readonly #first = signal<LoadedHalf>()
  #replacing = false
  #replaced: Promise<void> = Promise.resolve()
  #interrupted = false
  #suspended = false

  constructor(source: HalfSource, onLine: (line: string) => void) {
    this.#source = source
    this.#onLine = onLine
  }

  /** @throws TesseraError where the client half could not be downloaded or loaded. */
  async run(): Promise<number> {
    this.#listen()
    const half = await loadVersion(this.#source, this.#source.remote.version)
    this.#activate(half)
    half.process.begin({ reloaded: false, handedOver: 'null' })
    void this.#replaceAsWanted()
    return this.#finish(await this.#end.promise)
  }

  /** As if the user quit; the second time nothing is waited for. */
  interrupt(): void {
    if (this.#interrupted) this.#active?.process.kill()
    this.#interrupted = true
    this.#end.give({ kind: 'quit' })
  }

  /** Ctrl+Z: the server is told first, since whoever is stopped tells nobody anything. */
  async suspend(): Promise<void> {
    if (this.#suspended) return
    this.#suspended = true
    this.#onLine('Asleep: the session waits for this program to be continued.')
    await this.#source.remote.sleep()
    // Continued before it had stopped.
    if (!this.#suspended) return
    this.#active?.process.standStill()
    process.kill(process.pid, 'SIGSTOP')
  }

  /** Continued, after a stop that was announced or not. */
  goOn(): void {
    this.#suspended = false
    this.#active?.process.goOn()
    // Where the session is over its 'closed' says so.
    this.#source.remote.wake().catch(() => undefined)
  }

  /** A method that the server sends here runs in the half that is there; while that one is about to go, in the next. */
  async #order(method: string, args: readonly unknown[]): Promise<unknown> {
    const first = await this.#first.promise
    while (this.#active?.calls.isHeld === true) await this.#replaced
    return (this.#active ?? first).process.order(method, args)
  }

  #listen(): void {
    const { remote } = this.#source
    remote.serveOrders((method, args) => this.#order(method, args))
    remote.on('message', (value) => {
      this.#onLine(`Message from the administrator: ${value.text}`)
      this.#tell({ kind: 'event', name: 'message', value })
    })
    remote.on('reload', (notice) => this.#reloadWanted(notice))
    // Moved by the server, not by us: the half follows at once.
    remote.on('moved', ({ version }) => this.#want({ version, deadlineAt: '', graceMs: 0, reason: '' }))
    remote.on('reconnecting', ({ graceMs }) => this.#onLine(`The server does not answer: trying again for up to ${Math.round(graceMs / 60_000)} minutes.`))
    remote.on('resumed', ({ restarted }) => {
      this.#onLine(restarted ? 'Connected again. The server was restarted: what its processes kept in variables is gone.' : 'Connected again.')
      this.#tell({ kind: 'event', name: 'resumed', value: { restarted } })
    })
    remote.on('closed', (closed) => this.#end.give({ kind: 'closed', ...closed }))
  }

  #reloadWanted(notice: ReloadNotice): void {
    const { version, deadlineAt, reason } = notice
    this.#onLine(`Reload to version ${version.id} within ${Math.ceil(notice.graceMs / 1000)} s${reason === '' ? '' : `: ${reason}`}`)
    this.#tell({ kind: 'event', name: 'reload', value: { version: version.id, deadlineAt, reason } })
    this.#want(notice)
  }

  #want(notice: ReloadNotice): void {
    this.#wanted = notice
    void this.#replaceAsWanted()
  }

  /** One replacement at a time; a notice that comes meanwhile is the next one, unless it is fulfilled by then. */
  async #replaceAsWanted(): Promise<void> {
    if (this.#replacing || this.#active === null) return
    this.#replacing = true
    this.#replaced = this.#replaceAll(this.#active)
    await this.#replaced
    this.#replacing = false
  }

  async #replaceAll(first: LoadedHalf): Promise<void> {
    for (let notice = this.#takeWanted(); notice !== null; notice = this.#takeWanted()) await this.#replace(this.#active ?? first, notice)
  }

  #takeWanted(): ReloadNotice | null {
    const notice = this.#wanted
    this.#wanted = null
    return notice === null || notice.version.id === this.#active?.version.id ? null : notice
  }

  async #replace(old: LoadedHalf, notice: ReloadNotice): Promise<void> {
    try {
      this.#activate(await replaceHalf(this.#source, old, notice))
      this.#onLine(`Version ${notice.version.id} runs now.`)
    } catch (error) {
      this.#onLine(`The reload to version ${notice.version.id} failed: ${sentence(error)}`)
    }
  }

  #activate(half: LoadedHalf): void {
    this.#active = half
    this.#first.give(half)
    void half.process.quit.promise.then(() => this.#end.give({ kind: 'quit' }))
    void half.process.crashed.promise.then((crash) => this.#end.give({ kind: 'crash', crash }))
  }

  async #finish(end: End): Promise<number> {
    switch (end.kind) {
      case 'quit':
        await this.#exit()
        return 0
      case 'closed':
        this.#onLine(`The server ended this session: ${end.reason} (${end.code})`)
        this.#tell({ kind: 'event', name: 'closing', value: { code: end.code, reason: end.reason } })
        await this.#exit()
        return 3
      case 'crash':
        this.#onLine(`The client half failed: ${detail(errorOfCrash(end.crash))}`)
        await this.#active?.process.stop()
        return 1
    }
  }

  async #exit(): Promise<void> {
    const end = await this.#active?.process.exit(exitMs)
    if (end === 'late') this.#onLine(`onExit took longer than ${exitMs / 1000} s and was ended.`)
    else if (end !== undefined && end !== 'done') this.#onLine(`onExit failed: ${detail(errorOfCrash(end))}`)
  }

  #tell(event: HalfEvent): void {
    this.#active?.process.event(event)
  }
}

const sentence = (error: unknown): string => (error instanceof TesseraError ? `${error.message} (${error.code})` : String(error))

const detail = (error: TesseraError): string => (error.code === 'METHOD_ERROR' && error.stack ? error.stack : sentence(error))
