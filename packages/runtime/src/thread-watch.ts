import { boardOn, intAt, newBoardMemory } from './board.ts'
import { BoardWatch, type Reading, stepMs } from './board-watch.ts'
import { OsThread } from './os-thread.ts'
import type { WatchReport } from './watch-report.ts'

export interface ThreadWatchOptions {
  /** Asks the thread for a sign of life, which it gives on the board. */
  ping: () => void
  onReport: (report: WatchReport) => void
  /** How long the thread was busy so far, where the system does not tell its CPU time. */
  busyMs: () => number
}

/** So often it is looked at a thread that rests: what a timer in it starts is seen that late, what a call starts is not. */
const restMs = 250

/**
 * Watches an isolate in a thread of this process, as the watchdog inside a process watches that one. The board is in memory that
 * both sides see, so the server's own event loop is enough: while that stands still nobody is judged.
 */
export class ThreadWatch {
  readonly memory = newBoardMemory()
  readonly #options: ThreadWatchOptions
  readonly #board = boardOn(this.memory)
  #thread: OsThread | null = null
  #watch: BoardWatch | null = null
  #timer: NodeJS.Timeout | null = null
  #rests = false

  constructor(options: ThreadWatchOptions) {
    this.#options = options
  }

  /** Its code is loaded. */
  start(): void {
    const task = this.#board.ints[intAt.task] ?? 0
    this.#thread = new OsThread(task === 0 ? null : task)
    this.#watch = new BoardWatch(this.#board, { ...this.#measure(this.#thread), running: false })
    this.#stepIn(stepMs)
  }

  /** It was sent something. */
  wake(): void {
    if (this.#rests) this.#stepIn(stepMs)
  }

  /** It is gone. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#thread?.close()
    this.#watch = null
    this.#rests = false
  }

  #stepIn(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#rests = ms === restMs
    this.#timer = setTimeout(this.#step, ms).unref()
  }

  readonly #step = (): void => {
    const [watch, thread] = [this.#watch, this.#thread]
    if (watch === null || thread === null) return
    const { ping, report } = watch.step({ ...this.#measure(thread), running: thread.isRunning() ?? watch.isActive })
    this.#stepIn(watch.mayRest ? restMs : stepMs)
    if (ping) this.#options.ping()
    if (report !== null) this.#options.onReport({ ...report, rssBytes: null })
  }

  #measure(thread: OsThread): Omit<Reading, 'running'> {
    const mainMs = thread.cpuMs()
    return { now: performance.now(), cpuMs: mainMs ?? this.#options.busyMs(), mainMs }
  }
}
