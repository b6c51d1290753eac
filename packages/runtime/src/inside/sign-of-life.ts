import { getHeapStatistics } from 'node:v8'
import { type Board, doubleAt, intAt } from '../board.ts'

const heapEveryMs = 500

/** Answers a ping on the board, with what only the isolate's own thread can measure. */
export const signOfLife = ({ ints, doubles }: Board): (() => void) => {
  let heapAt = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    doubles[doubleAt.activeMs] = performance.eventLoopUtilization().active
    if (now - heapAt >= heapEveryMs) {
      heapAt = now
      doubles[doubleAt.heapBytes] = getHeapStatistics().used_heap_size
    }
    Atomics.add(ints, intAt.answers, 1)
  }
}
