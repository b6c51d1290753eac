import { AsyncResource, createHook } from 'node:async_hooks'
import { type Board, intAt } from '../board.ts'

/** What the watchdog is told of a call: numbers that both ends of the isolate channel count alike. */
export interface MarkedRun {
  readonly run: number
  readonly method: number
  readonly process: { readonly ordinal: number }
}

let ints: Int32Array | null = null
let current: MarkedRun | undefined
let changes = 0

/** Says what runs from now on; undefined: nothing of the project's. Without a board it costs a comparison. */
const mark = (run: MarkedRun | undefined): void => {
  if (run === current) return
  current = run
  if (ints !== null) write(ints, run)
}

const write = (board: Int32Array, run: MarkedRun | undefined): void => {
  changes = (changes + 1) | 0
  board[intAt.run] = run === undefined ? 0 : run.run
  board[intAt.process] = run === undefined ? 0 : run.process.ordinal
  board[intAt.method] = run === undefined ? 0 : run.method
  board[intAt.changes] = changes
  if (board[intAt.asleep] === 1) Atomics.notify(board, intAt.changes)
}

/** What is done inside `fn` at once is this run's; afterwards goes on what went on before. */
export const whileMarked = <Result>(run: MarkedRun | undefined, fn: () => Result): Result => {
  const outer = current
  mark(run)
  try {
    return fn()
  } finally {
    mark(outer)
  }
}

/**
 * Keeps the board true on every continuation: a mark at the start of a call would name an innocent when a loop follows an
 * await (rule X20). Done once for a process. An `after` hook would cost four times as much as this `before` (0.2 us against
 * 0.05 for each await), and only code that enters another call's resource by hand needs it: that is marked where it happens.
 */
export const markOn = (board: Board, runOf: () => MarkedRun | undefined): void => {
  ints = board.ints
  const enter = AsyncResource.prototype.runInAsyncScope
  AsyncResource.prototype.runInAsyncScope = function (this: AsyncResource, ...args: Parameters<typeof enter>) {
    return whileMarked(current, () => enter.apply(this, args))
  } as typeof enter
  createHook({ before: () => mark(runOf()) }).enable()
}
