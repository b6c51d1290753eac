import type { SessionId } from '@tessera/core'
import type { IsolateHandle } from './isolate-handle.ts'
import type { StuckIn } from './isolate-watch.ts'
import { uptimeMs } from './uptime.ts'

export interface WatchdogLimits {
  /** An isolate that holds others up for so long is ended; a call that blocked its isolate for so long sends its session to quarantine. */
  blockedMs: number
  /** Nothing may block its isolate for longer, even where it holds up nobody. */
  longestBlockedMs: number
  /** An isolate that has not been heard of for so long counts as blocked: its whole process stands still. */
  silentMs: number
}

export const usualLimits: WatchdogLimits = { blockedMs: 1_000, longestBlockedMs: 30_000, silentMs: 3_000 }

export interface WatchdogEvents {
  /** `stuckIn` null: nothing of the project's is known to be to blame. */
  onBlocked(handle: IsolateHandle, stuckIn: StuckIn | null): void
  /** It answers again. */
  onFreed(handle: IsolateHandle): void
  /** The session's call is the one that blocked the isolate, for longer than it may or to its end. */
  onConvicted(handle: IsolateHandle, stuckIn: StuckIn): void
  /** Whether anybody but this session waits for an isolate that is blocked. */
  isAwaited(handle: IsolateHandle, besides: SessionId | null): boolean
}

interface Block {
  since: number
  stuckIn: StuckIn | null
  /** Since when the same process is named, report after report. */
  namedSince: number
  /** Since when others wait; null while nobody does. */
  awaitedSince: number | null
}

const judgeEveryMs = 100
const silenceEveryMs = 1_000

/**
 * Decides what happens to isolates that do not answer (docs/decisions/0009): who is told, who is to blame, and when one is
 * ended. It acts on what the watchdogs inside the isolates tell; an isolate of which nothing is heard at all counts as blocked.
 */
export class Watchdog {
  readonly #limits: WatchdogLimits
  readonly #events: WatchdogEvents
  readonly #blocks = new Map<IsolateHandle, Block>()
  readonly #heardAt = new Map<IsolateHandle, number>()
  #judging: NodeJS.Timeout | null = null
  #listening: NodeJS.Timeout | null = null
  #listenedAt = 0

  constructor(limits: WatchdogLimits, events: WatchdogEvents) {
    this.#limits = limits
    this.#events = events
  }

  /** The isolate reported; `sinceMs`: for how long its main thread has not answered, null where it does. */
  heard(handle: IsolateHandle, sinceMs: number | null): void {
    this.#heardAt.set(handle, uptimeMs())
    this.#listening ??= this.#listen()
    if (sinceMs === null) this.#free(handle)
    else if (handle.isReady) this.#block(handle, uptimeMs() - sinceMs, handle.seen.stuckIn)
  }

  /** The isolate is gone. What it was stuck in, if anything, is what ended it or why it was ended. */
  forget(handle: IsolateHandle): void {
    const block = this.#blocks.get(handle)
    this.#heardAt.delete(handle)
    this.#blocks.delete(handle)
    this.#rest()
    if (block !== undefined) this.#convict(handle, block)
  }

  stuckIn(handle: IsolateHandle): StuckIn | null {
    return this.#blocks.get(handle)?.stuckIn ?? null
  }

  #block(handle: IsolateHandle, since: number, stuckIn: StuckIn | null): void {
    const known = this.#blocks.get(handle)
    const namedSince = known?.stuckIn?.processId === stuckIn?.processId ? (known?.namedSince ?? since) : uptimeMs()
    const block: Block = { since, stuckIn, namedSince, awaitedSince: known?.awaitedSince ?? null }
    this.#blocks.set(handle, block)
    if (known === undefined) this.#events.onBlocked(handle, stuckIn)
    this.#judge(handle, block)
    this.#judging ??= setInterval(() => this.#judgeAll(), judgeEveryMs).unref()
  }

  #free(handle: IsolateHandle): void {
    if (!this.#blocks.delete(handle)) return
    this.#rest()
    this.#events.onFreed(handle)
  }

  #judgeAll(): void {
    for (const [handle, block] of this.#blocks) this.#judge(handle, block)
  }

  #judge(handle: IsolateHandle, block: Block): void {
    const { blockedMs, longestBlockedMs } = this.#limits
    const now = uptimeMs()
    const { stuckIn } = block
    if (!this.#events.isAwaited(handle, stuckIn?.sessionId ?? null)) block.awaitedSince = null
    else block.awaitedSince ??= now
    if (now - block.since >= blockedMs) this.#convict(handle, block)
    const isInTheWay = block.awaitedSince !== null && now - block.awaitedSince >= blockedMs && now - block.since >= blockedMs
    if (isInTheWay || now - block.since >= longestBlockedMs) handle.kill(whyKilled(stuckIn, now - block.since))
  }

  /** Who was named for half of the time at least: many short calls in a row are nobody's fault. */
  #convict(handle: IsolateHandle, { stuckIn, since, namedSince }: Block): void {
    const now = uptimeMs()
    if (stuckIn !== null && now - namedSince >= (now - since) / 2) this.#events.onConvicted(handle, stuckIn)
  }

  #listen(): NodeJS.Timeout {
    this.#listenedAt = uptimeMs()
    return setInterval(() => this.#blockSilent(), silenceEveryMs).unref()
  }

  /** Where this process itself stood still, what the isolates said meanwhile is not read yet. */
  #blockSilent(): void {
    const now = uptimeMs()
    const wasLate = now - this.#listenedAt > 2 * silenceEveryMs
    this.#listenedAt = now
    if (wasLate) return
    for (const [handle, heardAt] of this.#heardAt) {
      if (now - heardAt >= this.#limits.silentMs && !this.#blocks.has(handle)) this.#block(handle, heardAt, null)
    }
  }

  #rest(): void {
    if (this.#blocks.size === 0 && this.#judging !== null) {
      clearInterval(this.#judging)
      this.#judging = null
    }
    if (this.#heardAt.size === 0 && this.#listening !== null) {
      clearInterval(this.#listening)
      this.#listening = null
    }
  }
}

const whyKilled = (stuckIn: StuckIn | null, ms: number): string =>
  stuckIn === null ? `it did not answer for ${ms} ms` : `"${stuckIn.method}" blocked it for ${ms} ms`
