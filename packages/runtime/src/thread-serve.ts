/** The one entry that hosts project code in a thread of the server's process; its parent talks to it over the thread's port. */
import { parentPort, workerData } from 'node:worker_threads'
import { boardOn, intAt } from './board.ts'
import { BoardGate } from './inside/begin-gate.ts'
import { captureConsole } from './inside/console-capture.ts'
import { markOn } from './inside/current-run.ts'
import { Isolate } from './inside/isolate.ts'
import { currentCall } from './inside/scope.ts'
import { signOfLife } from './inside/sign-of-life.ts'
import { catchStrayErrors, guardExit } from './inside/stray.ts'
import type { Up } from './messages.ts'
import { ownTask } from './os-thread.ts'
import { type FromThread, notesInMemory, type ThreadData, type ToThread } from './thread-talk.ts'

const exit = guardExit()
const port = parentPort
if (port === null) throw new Error('This program is a thread of the server: it is not run by itself.')
const data: ThreadData = workerData
const board = boardOn(data.board)
board.ints[intAt.task] = ownTask() ?? 0
const answer = signOfLife(board)
const notes = notesInMemory(data.ring)

let batch: Up[] = []

/** All that is said in one turn of the event loop leaves in one message. */
const send = (message: Up): void => {
  if (batch.push(message) === 1) setImmediate(flush)
}

const flush = (): void => {
  if (batch.length === 0) return
  port.postMessage(batch satisfies FromThread)
  batch = []
}

const isolate = new Isolate(send, { onBegin: (run) => notes.note(run), onDoubt: () => flush(), gate: new BoardGate(board) })

port.on('message', (messages: ToThread) => {
  if (messages === 'end') exit(0)
  else if (messages === 'ping') answer()
  else isolate.receiveAll(messages)
})

captureConsole((level, text) => isolate.log(level, text, null))
markOn(board, currentCall)
catchStrayErrors((error, call) => isolate.strayError(error, call))
