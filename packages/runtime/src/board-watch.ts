import { type Board, doubleAt, intAt } from './board.ts'
import type { MarkedNow, WatchReport } from './watch-report.ts'

/** What the watchdog measures at each step. */
export interface Reading {
  /** Milliseconds of a clock that never goes back. */
  now: number
  /** CPU time of the whole process so far. */
  cpuMs: number
  /** Whether the main thread is on a processor, or wants to be. */
  running: boolean
  /** CPU time of the main thread so far; null where nobody tells. */
  mainMs: number | null
}

export interface Step {
  /** The main thread must be asked for a sign of life. */
  ping: boolean
  /** To be sent at once; `rssBytes` is the sender's to measure. */
  report: Omit<WatchReport, 'rssBytes'> | null
}

export const stepMs = 10
const pingEveryMs = 50
/** One missed ping. */
const missedMs = 100
const reportEveryMs = 500
const reportStuckEveryMs = 100
const restAfterMs = 200
const busyWindowMs = 5_000
/** A step that comes later than this says that the whole process stood still, not its main thread alone. */
const lateStepMs = 60

/**
 * Judges one isolate by its board: whether its main thread answers, what it is stuck in, and whose the CPU time is. It has no
 * timer: whoever holds it calls `step` every few milliseconds, from a thread that the isolate's code cannot stop.
 */
export class BoardWatch {
  readonly #board: Board
  readonly #busy: [now: number, activeMs: number][] = []
  readonly #samples = new Map<number, number>()
  #sampled = 0
  #last: Reading
  #reportedAt: number
  #reportedCpuMs: number
  #pingedAt: number
  #pingOpen = false
  /** For how long the open ping could have been answered. */
  #unansweredMs = 0
  #answersSeen: number
  #changesSeen: number
  #changedAt: number
  #stuck = false

  constructor(board: Board, first: Reading) {
    this.#board = board
    this.#last = first
    this.#reportedAt = first.now
    this.#reportedCpuMs = first.cpuMs
    this.#pingedAt = Number.NEGATIVE_INFINITY
    this.#answersSeen = this.#int(intAt.answers)
    this.#changesSeen = this.#int(intAt.changes)
    this.#changedAt = first.now
  }

  /** Nothing happens: the next step may wait for a run, or until the next report is due. */
  get mayRest(): boolean {
    return !this.#pingOpen && this.#last.now - this.#changedAt >= restAfterMs
  }

  /** Whether anything of the project's ran lately, or runs and does not let go. */
  get isActive(): boolean {
    return this.#stuck || this.#last.now - this.#changedAt <= 2 * stepMs
  }

  get changesSeen(): number {
    return this.#changesSeen
  }

  step(reading: Reading): Step {
    if (this.#pingOpen) this.#unansweredMs += this.#chanceMs(reading)
    this.#last = reading
    const turned = this.#listen(reading.now)
    this.#sample(reading)
    return { ping: this.#ping(reading.now), report: turned || this.#isDue(reading.now) ? this.#report(reading) : null }
  }

  /**
   * How much of the time since the last step counts against the main thread. Where the whole process stood still, or the
   * machine has no processor to spare, it cannot answer and is not to blame.
   */
  #chanceMs({ now, running, mainMs }: Reading): number {
    const passed = now - this.#last.now
    if (running && mainMs !== null && this.#last.mainMs !== null) return Math.min(passed, mainMs - this.#last.mainMs)
    return passed > lateStepMs ? stepMs : passed
  }

  /** Whether it became stuck, or answers again. */
  #listen(now: number): boolean {
    const answers = this.#int(intAt.answers)
    if (answers !== this.#answersSeen) {
      this.#answersSeen = answers
      this.#pingOpen = false
    }
    const changes = this.#int(intAt.changes)
    if (changes !== this.#changesSeen) this.#changedAt = now
    this.#changesSeen = changes
    const stuck = this.#pingOpen && this.#unansweredMs >= missedMs
    const turned = stuck !== this.#stuck
    if (turned && stuck) Atomics.add(this.#board.ints, intAt.closings, 1)
    this.#stuck = stuck
    return turned
  }

  #sample({ running }: Reading): void {
    if (!running) return
    const { process } = this.#marked()
    this.#sampled++
    this.#samples.set(process, (this.#samples.get(process) ?? 0) + 1)
  }

  #ping(now: number): boolean {
    if (this.#pingOpen || this.mayRest || now - this.#pingedAt < pingEveryMs) return false
    this.#pingOpen = true
    this.#pingedAt = now
    this.#unansweredMs = 0
    return true
  }

  #isDue(now: number): boolean {
    return now - this.#reportedAt >= (this.#stuck ? reportStuckEveryMs : reportEveryMs)
  }

  #report(reading: Reading): Step['report'] {
    const cpu = this.#takeCpu(reading.cpuMs)
    this.#reportedAt = reading.now
    const stuck = this.#stuck ? { ...this.#marked(), sinceMs: Math.round(this.#unansweredMs), closing: this.#int(intAt.closings) } : null
    return { heapBytes: this.#board.doubles[doubleAt.heapBytes] ?? 0, busy: this.#busyShare(reading.now), cpu, stuck }
  }

  /** The time that was used is divided by how often each process was seen on the processor: no run has to be timed for it. */
  #takeCpu(cpuMs: number): WatchReport['cpu'] {
    const used = cpuMs - this.#reportedCpuMs
    this.#reportedCpuMs = cpuMs
    const shares = [...this.#samples].flatMap(([process, seen]) => (process === 0 ? [] : [[process, round(used * (seen / this.#sampled))] as const]))
    this.#samples.clear()
    this.#sampled = 0
    return shares
  }

  /** The main thread writes how busy it was when it answers; while it does not, it is busy. */
  #busyShare(now: number): number {
    const written = this.#board.doubles[doubleAt.activeMs] ?? 0
    const active = written + (this.#stuck ? now - this.#pingedAt : 0)
    this.#busy.push([now, active])
    while (this.#busy.length > 2 && now - (this.#busy[1]?.[0] ?? now) > busyWindowMs) this.#busy.shift()
    const [since, activeThen] = this.#busy[0] ?? [now, active]
    return now === since ? 0 : round(Math.min(1, Math.max(0, (active - activeThen) / (now - since))))
  }

  #marked(): MarkedNow {
    return { run: this.#int(intAt.run), process: this.#int(intAt.process), method: this.#int(intAt.method) }
  }

  #int(slot: number): number {
    return this.#board.ints[slot] ?? 0
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000
