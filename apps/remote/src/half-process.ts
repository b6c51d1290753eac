import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { decodeStorable, type ErrorBody, encodeStorable, fromErrorBody, type Reply, type Storable, type StorableText, TesseraError } from '@tessera/protocol'
import type { Ask, FromHalf, HalfEvent, HalfFacts, ToHalf } from './half-messages.ts'
import { signal } from './signal.ts'

export interface HalfProcessOptions {
  /** Whether the half uses the launcher's terminal, or its output goes through the launcher's own streams. */
  stdio: 'inherit' | 'pipe'
  entry?: string
}

/** How a client half ended that was not told to. */
export type Crash = { kind: 'failed'; error: ErrorBody } | { kind: 'gone'; code: number | null; signal: string | null }

const loadTimeoutMs = 60_000
const stopTimeoutMs = 1000

/** One client half in a process of its own, seen from the launcher. */
export class HalfProcess {
  /** The half asks to end this client. */
  readonly quit = signal<void>()
  /** It ended by itself, or its code failed. */
  readonly crashed = signal<Crash>()
  /** What it hands over; never without a `beforeReload` hook. */
  readonly reloadable = signal<StorableText>()
  readonly #loaded = signal<void>()
  readonly #exited = signal<Crash | 'done'>()
  readonly #gone = signal<void>()
  readonly #child: ChildProcess
  readonly #onAsk: (id: number, ask: Ask) => void
  readonly #orders = new Map<number, (reply: Reply<StorableText>) => void>()
  #lastOrder = 0
  #leaving = false

  constructor(options: HalfProcessOptions, onAsk: (half: HalfProcess, id: number, ask: Ask) => void) {
    this.#onAsk = (id, ask) => onAsk(this, id, ask)
    const streams = options.stdio === 'inherit' ? 'inherit' : 'pipe'
    const entry = options.entry ?? fileURLToPath(new URL('./client-half.js', import.meta.url))
    this.#child = fork(entry, [], { stdio: [streams, streams, streams, 'ipc'], execArgv: [] })
    this.#child.stdout?.pipe(process.stdout, { end: false })
    this.#child.stderr?.pipe(process.stderr, { end: false })
    this.#child.on('message', (message: FromHalf) => this.#heard(message))
    this.#child.once('error', () => this.#ended(null, 'not started'))
    this.#child.once('exit', (code, how) => this.#ended(code, how))
  }

  /** Loads the code. @throws TesseraError where it cannot be loaded; the process is gone then. */
  async load(directory: string, facts: HalfFacts): Promise<void> {
    this.say({ kind: 'load', directory, facts })
    const crash = await Promise.race([this.#loaded.promise, this.crashed.promise, timeout(loadTimeoutMs)])
    if (crash === undefined) return
    await this.stop()
    throw crash === 'late' ? new TesseraError('VERSION_REJECTED', 'The client half took too long to load.') : errorOfCrash(crash)
  }

  begin(how: { reloaded: boolean; handedOver: StorableText }): void {
    this.say({ kind: 'begin', ...how })
  }

  event(event: HalfEvent): void {
    this.say(event)
  }

  /** Runs a method of the half. @throws MethodError of it; TesseraError `CALL_INTERRUPTED` where the half is gone before it is done. */
  async order(method: string, args: readonly unknown[]): Promise<Storable> {
    this.#lastOrder += 1
    const id = this.#lastOrder
    const reply = await new Promise<Reply<StorableText>>((resolve) => {
      this.#orders.set(id, resolve)
      if (this.#child.connected) this.say({ kind: 'order', id, method, args: encodeStorable(args) })
      else this.#endOrders()
    })
    if (reply.ok) return decodeStorable(reply.value)
    throw fromErrorBody(reply.error)
  }

  prepareReload(): void {
    this.say({ kind: 'prepareReload' })
  }

  say(message: ToHalf): void {
    if (this.#child.connected) this.#child.send(message)
  }

  /** Lets `onExit` run, for at most `ms`; `late` where it took longer and was ended. */
  async exit(ms: number): Promise<Crash | 'done' | 'late'> {
    this.#leaving = true
    this.say({ kind: 'exit' })
    const end = await Promise.race([this.#exited.promise, this.#gone.promise, timeout(ms)])
    await this.#die(end === 'late' ? 0 : stopTimeoutMs)
    return end ?? 'done'
  }

  /** Ends it without `onExit`. */
  async stop(): Promise<void> {
    this.#leaving = true
    this.say({ kind: 'stop' })
    await this.#die(stopTimeoutMs)
  }

  /** Ends it whatever it does. */
  kill(): void {
    this.#leaving = true
    this.#child.kill('SIGKILL')
  }

  /** Stands still until `goOn`, as a program under Ctrl+Z does. */
  standStill(): void {
    this.#child.kill('SIGSTOP')
  }

  goOn(): void {
    this.#child.kill('SIGCONT')
  }

  /** A process that ends by itself leaves the terminal as it found it: killing comes last. */
  async #die(afterMs: number): Promise<void> {
    await Promise.race([this.#gone.promise, timeout(afterMs)])
    this.kill()
    await this.#gone.promise
  }

  #heard(message: FromHalf): void {
    if (message.kind === 'loaded') this.#loaded.give()
    else if (message.kind === 'ask') this.#onAsk(message.id, message.ask)
    else if (message.kind === 'reloadable') this.reloadable.give(message.handedOver)
    else if (message.kind === 'ordered') this.#ordered(message.id, message.reply)
    else if (message.kind === 'quit') this.quit.give()
    else if (message.kind === 'exited') this.#exited.give('done')
    else if (message.kind === 'failed') this.#failed(message.error)
  }

  #ordered(id: number, reply: Reply<StorableText>): void {
    const resolve = this.#orders.get(id)
    this.#orders.delete(id)
    resolve?.(reply)
  }

  #endOrders(): void {
    const error: ErrorBody = { code: 'CALL_INTERRUPTED', message: 'The client half ended, or was replaced, before the method was done.' }
    for (const id of [...this.#orders.keys()]) this.#ordered(id, { ok: false, error })
  }

  #failed(error: ErrorBody): void {
    const crash: Crash = { kind: 'failed', error }
    if (this.#leaving) this.#exited.give(crash)
    else this.crashed.give(crash)
  }

  #ended(code: number | null, how: string | null): void {
    this.#gone.give()
    this.#endOrders()
    if (!this.#leaving) this.crashed.give({ kind: 'gone', code, signal: how })
  }
}

const timeout = (ms: number): Promise<'late'> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms, 'late').unref()
  })

export const errorOfCrash = (crash: Crash): TesseraError => {
  if (crash.kind === 'failed') return fromErrorBody(crash.error)
  const how = crash.signal === null ? `exit code ${crash.code}` : crash.signal
  return new TesseraError('INTERNAL', `The client half's process ended by itself (${how}).`)
}
