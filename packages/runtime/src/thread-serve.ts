/** The one entry that hosts project code in a thread of the server's process; its parent talks to it over the thread's port. */
import { parentPort, workerData } from 'node:worker_threads'
import { captureConsole } from './inside/console-capture.ts'
import { Isolate } from './inside/isolate.ts'
import { catchStrayErrors, guardExit } from './inside/stray.ts'
import type { Up } from './messages.ts'
import { type BegunRing, type FromThread, notesInMemory, type ToThread } from './thread-talk.ts'

const exit = guardExit()
const port = parentPort
if (port === null) throw new Error('This program is a thread of the server: it is not run by itself.')
const ring: BegunRing = workerData
const notes = notesInMemory(ring)

let batch: Up[] = []

/** All that is said in one turn of the event loop leaves in one message. */
const send = (message: Up): void => {
  if (batch.push(message) === 1) setImmediate(flush)
}

const flush = (): void => {
  port.postMessage(batch satisfies FromThread)
  batch = []
}

const isolate = new Isolate(send, (run) => notes.note(run))

port.on('message', (messages: ToThread) => {
  if (messages === 'end') exit(0)
  else isolate.receiveAll(messages)
})

captureConsole((level, text) => isolate.log(level, text, null))
catchStrayErrors((error, call) => isolate.strayError(error, call))
