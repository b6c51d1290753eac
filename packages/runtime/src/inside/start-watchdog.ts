import { fileURLToPath } from 'node:url'
import { getHeapStatistics } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { boardOn, doubleAt, intAt, newBoardMemory } from '../board.ts'
import { markOn } from './current-run.ts'
import { currentCall } from './scope.ts'

const entry = fileURLToPath(new URL('../watchdog-thread.js', import.meta.url))
const heapEveryMs = 500

/** Starts the thread that watches this process and reports to this descriptor. `onFailed`: nobody watches any more. */
export const startWatchdog = (descriptor: number, onFailed: () => void): void => {
  const memory = newBoardMemory()
  const { ints, doubles } = boardOn(memory)
  const worker = new Worker(entry, {
    workerData: { memory, descriptor },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  })
  let heapAt = Number.NEGATIVE_INFINITY
  worker.on('message', () => {
    const now = performance.now()
    doubles[doubleAt.activeMs] = performance.eventLoopUtilization().active
    if (now - heapAt >= heapEveryMs) {
      heapAt = now
      doubles[doubleAt.heapBytes] = getHeapStatistics().used_heap_size
    }
    Atomics.add(ints, intAt.answers, 1)
  })
  worker.once('error', onFailed)
  worker.unref()
  markOn({ ints, doubles }, currentCall)
}
