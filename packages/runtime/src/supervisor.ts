import type { IsolateCode } from '@tessera/core'
import { TesseraError } from '@tessera/protocol'
import { type CodeContents, type HandleEvents, IsolateHandle } from './isolate-handle.ts'
import type { StartLink } from './isolate-link.ts'

export interface BackOff {
  firstMs: number
  maxMs: number
  /** An isolate that lived this long did not die of its start. */
  healthyMs: number
}

export interface SupervisorOptions {
  size: number
  startLink: StartLink
  openTimeoutMs: number
  backOff: BackOff
}

/**
 * Keeps the isolates of one version alive: one that dies is replaced at once; where the replacements die too, each one
 * waits twice as long as the one before. The watchdog, which finds isolates that live but do not answer, will call
 * `IsolateHandle.kill` from beside this file.
 */
export class Supervisor {
  readonly #code: IsolateCode
  readonly #options: SupervisorOptions
  readonly #events: HandleEvents
  #handles: readonly IsolateHandle[] = []
  #started = 0
  #quickDeaths = 0
  #waitsUntil = 0
  #stopped = false

  constructor(code: IsolateCode, options: SupervisorOptions, events: HandleEvents) {
    this.#code = code
    this.#options = options
    this.#events = events
  }

  get handles(): readonly IsolateHandle[] {
    return this.#handles
  }

  /** When an isolate will be there again, where all are gone. */
  get retryAfterMs(): number {
    return Math.max(100, this.#waitsUntil - Date.now())
  }

  /** @throws TesseraError `VERSION_REJECTED`; no isolate is left then. */
  async open(): Promise<CodeContents> {
    const opening = Array.from({ length: this.#options.size }, () => this.#start().opened)
    try {
      const [contents] = await Promise.all(opening)
      return contents ?? { methods: [], database: new Set() }
    } catch (error) {
      await Promise.allSettled([...opening, this.stop()])
      throw error
    }
  }

  /** Hands one over to somebody who looks after it from now on, and starts another in its place. */
  give(): IsolateHandle | undefined {
    const handle = this.#handles.find(({ isReady }) => isReady) ?? this.#handles[0]
    if (handle === undefined) return undefined
    this.#handles = this.#handles.filter((other) => other !== handle)
    this.#start()
    return handle
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#handles.map((handle) => handle.stop()))
  }

  #start(): IsolateHandle {
    const startedAt = Date.now()
    const events = { ...this.#events, onEnded: this.#onEnded(startedAt) }
    const id = `${this.#code.digest.slice(0, 6)}/${++this.#started}`
    const handle = new IsolateHandle({ id, ...this.#code }, this.#options.startLink, events)
    this.#handles = [...this.#handles, handle]
    this.#killWhenSlow(handle)
    return handle
  }

  #killWhenSlow(handle: IsolateHandle): void {
    const { openTimeoutMs } = this.#options
    void handle.started.then(() => {
      const timer = setTimeout(() => handle.kill(`its code did not finish loading in ${openTimeoutMs} ms`), openTimeoutMs)
      handle.opened.catch(() => {}).finally(() => clearTimeout(timer))
    })
    handle.opened.catch(() => {})
  }

  readonly #onEnded =
    (startedAt: number): HandleEvents['onEnded'] =>
    (handle, why, callsLost) => {
      const wasOurs = this.#handles.includes(handle)
      if (wasOurs) this.#handles = this.#handles.filter((other) => other !== handle)
      this.#events.onEnded(handle, why, callsLost)
      if (wasOurs && !this.#stopped) this.#replaceLater(Date.now() - startedAt)
    }

  #replaceLater(livedMs: number): void {
    if (livedMs >= this.#options.backOff.healthyMs) this.#quickDeaths = 0
    const { firstMs, maxMs } = this.#options.backOff
    const waitMs = this.#quickDeaths === 0 ? 0 : Math.min(maxMs, firstMs * 2 ** (this.#quickDeaths - 1))
    this.#quickDeaths++
    this.#waitsUntil = Date.now() + waitMs
    if (waitMs === 0) this.#start()
    else setTimeout(() => this.#stopped || this.#start(), waitMs).unref()
  }
}

/** What a call gets while no isolate of its version is alive. */
export const noIsolate = (retryAfterMs: number): TesseraError =>
  new TesseraError('CALL_NOT_STARTED', "The version's isolates are being started again.", { retryAfterMs })
