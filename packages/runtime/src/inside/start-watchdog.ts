import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type Board, boardOn, newBoardMemory } from '../board.ts'
import { markOn } from './current-run.ts'
import { currentCall } from './scope.ts'
import { signOfLife } from './sign-of-life.ts'

const entry = fileURLToPath(new URL('../watchdog-thread.js', import.meta.url))

/** Starts the thread that watches this process and reports to this descriptor. `onFailed`: nobody watches any more. */
export const startWatchdog = (descriptor: number, onFailed: () => void): Board => {
  const memory = newBoardMemory()
  const board = boardOn(memory)
  const worker = new Worker(entry, {
    workerData: { memory, descriptor },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1, stackSizeMb: 1 },
  })
  worker.on('message', signOfLife(board))
  worker.once('error', onFailed)
  worker.unref()
  markOn(board, currentCall)
  return board
}
