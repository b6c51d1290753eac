/** The one entry that hosts project code in a thread of the server's process; its parent talks to it over the thread's port. */
import { parentPort, workerData } from 'node:worker_threads'
import { captureConsole } from './inside/console-capture.ts'
import { Isolate } from './inside/isolate.ts'
import { catchStrayErrors, guardExit } from './inside/stray.ts'
import type { Down, Up } from './messages.ts'
import { countRun, type FromThread, type RunCounter, type ToThread } from './thread-talk.ts'

const exit = guardExit()
const port = parentPort
if (port === null) throw new Error('This program is a thread of the server: it is not run by itself.')
const counter: RunCounter = workerData

let batch: Up[] = []

/** All that is said in one turn of the event loop leaves in one message. */
const send = (message: Up): void => {
  if (batch.push(message) === 1) setImmediate(flush)
}

const flush = (): void => {
  port.postMessage(batch satisfies FromThread)
  batch = []
}

const isolate = new Isolate(send)

const receive = (message: Down): void => {
  if (message.type === 'run') countRun(counter)
  isolate.receive(message)
}

port.on('message', (messages: ToThread) => {
  if (messages === 'end') exit(0)
  else for (const message of messages) receive(message)
})

captureConsole((level, text) => isolate.log(level, text, null))
catchStrayErrors((error, call) => isolate.strayError(error, call))
