/**
 * The watchdog inside an isolate: a thread that the project's code cannot stop. It asks the main thread for signs of life, and
 * tells the server what it sees over a pipe of its own, which works while the main thread is stuck. When the server is gone it
 * ends the process, whatever runs there (rule X10).
 */
import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { type Board, boardOn, intAt } from './board.ts'
import { BoardWatch, type Reading, stepMs } from './board-watch.ts'
import { OsThread } from './os-thread.ts'
import { encodeReport, type WatchReport } from './watch-report.ts'

interface WatchdogData {
  memory: SharedArrayBuffer
  /** Where reports go. */
  descriptor: number
}

/** So long the main thread has to end by itself once the server is gone. */
const orphanGraceMs = 500
/** A thread that rests looks up so often all the same, so that the server hears that it lives. */
const restMs = 250

const { memory, descriptor }: WatchdogData = workerData
const board: Board = boardOn(memory)
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const main = new OsThread(process.pid)

const read = (): Reading => ({ now: performance.now(), cpuMs: cpuMs(), running: main.isRunning() ?? watch.isActive, mainMs: main.cpuMs() })

const watch = new BoardWatch(board, { now: performance.now(), cpuMs: cpuMs(), running: false, mainMs: null })

const tell = (report: WatchReport): void => {
  try {
    writeSync(descriptor, encodeReport(report))
  } catch {
    Atomics.wait(board.ints, intAt.pause, 0, orphanGraceMs)
    process.kill(process.pid, 'SIGKILL')
  }
}

const pause = (): void => {
  if (!watch.mayRest) {
    Atomics.wait(board.ints, intAt.pause, 0, stepMs)
    return
  }
  Atomics.store(board.ints, intAt.asleep, 1)
  Atomics.wait(board.ints, intAt.changes, watch.changesSeen, restMs)
  Atomics.store(board.ints, intAt.asleep, 0)
}

for (;;) {
  pause()
  const { ping, report } = watch.step(read())
  if (ping) parentPort?.postMessage(null)
  if (report !== null) tell({ ...report, rssBytes: process.memoryUsage.rss() })
}
