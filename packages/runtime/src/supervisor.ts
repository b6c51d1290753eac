import type { IsolateCode } from '@tessera/core'
import { TesseraError } from '@tessera/protocol/values'
import { type BackOff, Deaths } from './back-off.ts'
import { type CodeContents, type HandleEvents, IsolateHandle } from './isolate-handle.ts'
import type { StartLink } from './isolate-link.ts'
import { uptimeMs } from './uptime.ts'

export interface SupervisorOptions {
  size: number
  startLink: StartLink
  openTimeoutMs: number
  backOff: BackOff
  /** So long after the code is loaded one more isolate is started, to stand in for another; null: none. */
  spareAfterMs: number | null
}

/**
 * Keeps the isolates of one version alive: one that dies is replaced at once; where the replacements die too, each one waits
 * twice as long as the one before. A spare, loaded and empty, stands in for an isolate that died or does not answer (rule X24).
 * One that was stood in for and answers again is the spare from then on: it keeps the sessions it has, and gets no others.
 * Where there is a spare already it leaves: its sessions are placed elsewhere, and it ends (rule P83).
 */
export class Supervisor {
  readonly #code: IsolateCode
  readonly #options: SupervisorOptions
  readonly #events: HandleEvents
  readonly #deaths: Deaths
  /** Of isolates that are one session's own: they hold up nobody else. */
  readonly #ownDeaths: Deaths
  #handles: readonly IsolateHandle[] = []
  #own: readonly IsolateHandle[] = []
  #leaving: readonly IsolateHandle[] = []
  #spare: IsolateHandle | null = null
  #wantsSpare = false
  #timer: NodeJS.Timeout | null = null
  #started = 0
  #stopped = false

  constructor(code: IsolateCode, options: SupervisorOptions, events: HandleEvents) {
    this.#code = code
    this.#options = options
    this.#events = events
    this.#deaths = new Deaths(options.backOff)
    this.#ownDeaths = new Deaths(options.backOff)
  }

  /** Among which sessions are placed. */
  get handles(): readonly IsolateHandle[] {
    return this.#handles
  }

  /** Those that are one session's own. */
  get own(): readonly IsolateHandle[] {
    return this.#own
  }

  /** More than are wanted: to be ended once nothing runs there. */
  get leaving(): readonly IsolateHandle[] {
    return this.#leaving
  }

  get all(): readonly IsolateHandle[] {
    return [...this.#handles, ...this.#own, ...this.#leaving, ...(this.#spare === null ? [] : [this.#spare])]
  }

  /** When an isolate will be there again, where all are gone. */
  get retryAfterMs(): number {
    return Math.max(100, this.#deaths.waitMs)
  }

  /** The same for one of a session's own. */
  get ownRetryAfterMs(): number {
    return Math.max(100, this.#ownDeaths.waitMs)
  }

  /** @throws TesseraError `VERSION_REJECTED`; no isolate is left then. */
  async open(): Promise<CodeContents> {
    const opening = Array.from({ length: this.#options.size }, () => this.#startShared().opened)
    try {
      const [contents] = await Promise.all(opening)
      this.#wantSpareLater()
      return contents ?? { methods: [], database: new Set() }
    } catch (error) {
      await Promise.allSettled([...opening, this.stop()])
      throw error
    }
  }

  /** Hands one over to somebody who looks after it from now on, and starts another in its place. */
  give(): IsolateHandle | undefined {
    const handle = this.#handles.find(({ isReady, isBlocked }) => isReady && !isBlocked) ?? this.#handles[0]
    if (handle === undefined) return undefined
    this.#forget(handle)
    this.#restore()
    return handle
  }

  /** Sees to it that new sessions and those that flee have somewhere to go while isolates do not answer. */
  standIn(): void {
    this.#promoteSpare()
    if (this.#answering() === 0 && this.#deaths.waitMs === 0 && !this.#stopped) this.#startShared()
  }

  /** The isolate answers again. */
  standDown(handle: IsolateHandle): void {
    if (this.#answering() <= this.#options.size || !this.#handles.includes(handle)) return
    this.#handles = this.#handles.filter((other) => other !== handle)
    if (this.#spare === null && this.#options.spareAfterMs !== null) this.#spare = handle
    else this.#leaving = [...this.#leaving, handle]
  }

  /** An isolate for one session alone; undefined while those die as soon as they are started. */
  startOwn(): IsolateHandle | undefined {
    if (this.#ownDeaths.waitMs > 0) return undefined
    const handle = this.#takeEmptySpare() ?? this.#start()
    this.#own = [...this.#own, handle]
    this.#restore()
    return handle
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    await Promise.all(this.all.map((handle) => handle.stop()))
  }

  #wantSpareLater(): void {
    const { spareAfterMs } = this.#options
    if (spareAfterMs === null) return
    setTimeout(() => {
      this.#wantsSpare = true
      this.#restore()
    }, spareAfterMs).unref()
  }

  #answering(): number {
    return this.#handles.filter(({ isBlocked }) => !isBlocked).length
  }

  #promoteSpare(): void {
    const spare = this.#spare
    if (spare === null || spare.isBlocked || this.#answering() >= this.#options.size) return
    this.#spare = null
    this.#handles = [...this.#handles, spare]
  }

  #takeEmptySpare(): IsolateHandle | null {
    const spare = this.#spare
    if (spare === null || spare.isBlocked || spare.sessions.size > 0 || spare.callsRunning > 0) return null
    this.#spare = null
    return spare
  }

  /** Starts what is missing: first those that sessions need, then the spare. */
  #restore(): void {
    if (this.#stopped) return
    this.#promoteSpare()
    if (this.#deaths.waitMs > 0) {
      this.#restoreLater()
      return
    }
    while (this.#handles.length < this.#options.size) this.#startShared()
    if (this.#spare === null && this.#wantsSpare && this.#handles.length === this.#options.size) this.#spare = this.#start()
  }

  #restoreLater(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.#restore()
    }, this.#deaths.waitMs).unref()
  }

  #startShared(): IsolateHandle {
    const handle = this.#start()
    this.#handles = [...this.#handles, handle]
    return handle
  }

  #start(): IsolateHandle {
    const startedAt = uptimeMs()
    const events = { ...this.#events, onEnded: this.#onEnded(startedAt) }
    const id = `${this.#code.digest.slice(0, 6)}/${++this.#started}`
    const handle = new IsolateHandle({ id, ...this.#code }, this.#options.startLink, events)
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

  /** The replacement comes first: what waits for it is placed as soon as the end is told. */
  readonly #onEnded =
    (startedAt: number): HandleEvents['onEnded'] =>
    (handle, why, callsLost) => {
      const isOwn = this.#own.includes(handle)
      const isOurs = this.all.includes(handle)
      this.#forget(handle)
      if (!handle.isStopping) this.#count({ isOwn, isOurs, wasReady: handle.wasReady, livedMs: uptimeMs() - startedAt })
      if (isOurs && !isOwn) this.#restore()
      this.#events.onEnded(handle, why, callsLost)
    }

  /** One that was handed over tells of its session, not of the version, as soon as its code was loaded. */
  #count({ isOwn, isOurs, wasReady, livedMs }: { isOwn: boolean; isOurs: boolean; wasReady: boolean; livedMs: number }): void {
    if (isOwn) this.#ownDeaths.add(livedMs)
    else if (isOurs || !wasReady) this.#deaths.add(livedMs)
  }

  #forget(handle: IsolateHandle): void {
    this.#handles = this.#handles.filter((other) => other !== handle)
    this.#own = this.#own.filter((other) => other !== handle)
    this.#leaving = this.#leaving.filter((other) => other !== handle)
    if (this.#spare === handle) this.#spare = null
  }
}

/** What a call gets while no isolate of its version is alive. */
export const noIsolate = (retryAfterMs: number): TesseraError =>
  new TesseraError('CALL_NOT_STARTED', "The version's isolates are being started again.", { retryAfterMs })
