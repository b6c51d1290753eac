/**
 * What an isolate's main thread and its watchdog share: whole numbers first, doubles behind them. Each slot has one writer, and
 * nobody locks: whoever looks sees what runs now, which is the point.
 */
export interface Board {
  readonly ints: Int32Array
  readonly doubles: Float64Array
}

export const intAt = {
  /** Written by the main thread on every continuation: the run, its process and its method; run 0 is nobody's. */
  run: 0,
  process: 1,
  method: 2,
  /** Counts the writes of the three above. */
  changes: 3,
  /** Pings that the main thread answered. */
  answers: 4,
  /** Written by the watchdog: 1 while it sleeps and wants to be woken by the next run. */
  asleep: 5,
  /** Never written: the watchdog waits on it for its time to pass. */
  pause: 6,
  /** Written once by an isolate in a thread: how the system numbers it; 0 where it does not say. */
  task: 7,
  /** Counted by whoever watches, each time it finds the main thread stuck: nothing begins until the server has answered. */
  closings: 8,
} as const

export const doubleAt = {
  /** With each answer: how long the event loop was busy since the start, in milliseconds. */
  activeMs: 5,
  heapBytes: 6,
} as const

const boardBytes = 64

export const newBoardMemory = (): SharedArrayBuffer => new SharedArrayBuffer(boardBytes)

export const boardOn = (memory: SharedArrayBuffer): Board => ({ ints: new Int32Array(memory), doubles: new Float64Array(memory) })
