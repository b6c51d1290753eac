/** What a board says runs. */
export interface MarkedNow {
  run: number
  process: number
  method: number
}

/** What the watchdog of an isolate tells the server, past the isolate's main thread. */
export interface WatchReport {
  /** Of the isolate's process; null for a thread, whose memory nobody tells apart. */
  rssBytes: number | null
  heapBytes: number
  /** Share of the last seconds in which the event loop was busy, 0..1. */
  busy: number
  /** CPU time used since the report before, by the ordinal of the process. */
  cpu: readonly (readonly [process: number, ms: number])[]
  /**
   * The main thread does not answer, for so long; null while it does. `run` 0: nothing of the project's runs. `closing`: since this
   * one, counted from the isolate's start, nothing begins there until the server has said what it took back.
   */
  stuck: (MarkedNow & { sinceMs: number; closing: number }) | null
}

/** One line, so that a pipe of its own carries it. */
export const encodeReport = (report: WatchReport): string => `${JSON.stringify(report)}\n`

/** Far more than a report of a thousand processes takes. */
const longestLine = 1_048_576

/** Puts reports together from what a pipe delivers. Project code may write to its descriptor as well, by mistake. */
export class ReportReader {
  readonly #onReport: (report: WatchReport) => void
  #rest = ''

  constructor(onReport: (report: WatchReport) => void) {
    this.#onReport = onReport
  }

  /** @throws Error for what is no report: the pipe is of no more use then. */
  push(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#onReport(readReport(line))
    if (this.#rest.length > longestLine) throw notReport()
  }
}

const readReport = (line: string): WatchReport => {
  try {
    const report: WatchReport | null = JSON.parse(line)
    if (Array.isArray(report?.cpu) && report.stuck !== undefined) return report
  } catch {
    // Told below.
  }
  throw notReport()
}

const notReport = (): Error => new Error("what came from the isolate's watchdog is not a report")
