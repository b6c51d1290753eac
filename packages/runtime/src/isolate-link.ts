import type { BegunRuns } from './begun-log.ts'
import type { Down, Up } from './messages.ts'
import type { WatchReport } from './watch-report.ts'

/** The way to one isolate and back, whatever it runs in. */
export interface IsolateLink {
  /** Null where the isolate is in this process. */
  readonly pid: number | null
  /** Resolves when its process or thread is started, where that has to wait for others; absent where it is from the outset. */
  readonly started?: Promise<void>
  /** Messages arrive in order, or never. @throws TesseraError `PAYLOAD_TOO_LARGE`. */
  send(message: Down): void
  /** Lets the isolate end by itself, then makes it. Resolves once it is gone. */
  stop(): Promise<void>
  kill(why: string): void
  /** Which runs the isolate has begun so far; null where it does not note them past the channel. */
  begun(): BegunRuns | null
}

export interface LinkEvents {
  onMessage(message: Up): void
  /** Never from an isolate in this process: nobody can watch it. */
  onWatch(report: WatchReport): void
  /**
   * Once; nothing comes afterwards. `complete`: all that the isolate sent before was received. `begun`: which runs it had
   * begun, where that was noted past the channel.
   */
  onEnded(why: string, complete: boolean, begun?: BegunRuns | null): void
}

export type StartLink = (events: LinkEvents) => IsolateLink
