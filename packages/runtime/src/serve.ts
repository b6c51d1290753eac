/**
 * The one entry that hosts project code in a process of its own. Its parent talks to it over the pipe at descriptor 3;
 * when that pipe closes, whatever the reason, this process ends (rule X10).
 */
import { Socket } from 'node:net'
import { notesInFile } from './begun-log.ts'
import { Channel, defaultMaxFrameBytes } from './channel.ts'
import { BoardGate } from './inside/begin-gate.ts'
import { captureConsole } from './inside/console-capture.ts'
import { Isolate } from './inside/isolate.ts'
import { startWatchdog } from './inside/start-watchdog.ts'
import { catchStrayErrors, guardExit } from './inside/stray.ts'
import { decodeDown, type Envelope, encodeUp } from './wire.ts'

const exit = guardExit()
// The terminal sends Ctrl+C to the whole group: the server decides when its isolates end, so that calls finish first.
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})

/** After the three standard ones and the pipe; that of the notes is there where the parent could make a file. */
const watchDescriptor = 4
let notes = process.argv[2] === undefined ? null : notesInFile(Number(process.argv[2]))
let runsReceived = 0

const gate = new BoardGate(startWatchdog(watchDescriptor, () => exit(1)))
const isolate = new Isolate((message) => channel.send(encodeUp(message)), {
  onBegin: (run) => noteBegun(run),
  onDoubt: () => channel.flush(),
  gate,
})

const channel = new Channel(new Socket({ fd: 3 }), {
  maxFrameBytes: defaultMaxFrameBytes,
  onFrame: (envelopes) => receiveAll(envelopes),
  onClosed: () => exit(0),
})

const receiveAll = (envelopes: readonly Envelope[]): void => {
  const messages = envelopes.map(decodeDown)
  for (const message of messages) {
    if (message.type === 'run') runsReceived += 1
    else if (message.type === 'open') process.title = `tessera ${message.id}`
  }
  if (notes === null) tellReceived()
  isolate.receiveAll(messages)
}

const noteBegun = (run: number): void => {
  try {
    notes?.note(run)
  } catch {
    notes = null
    tellReceived()
  }
}

let runsTold = 0

/** Before the first of them begins: a method that never yields must count as begun when its isolate is killed. */
const tellReceived = (): void => {
  if (runsReceived === runsTold) return
  runsTold = runsReceived
  channel.send({ head: { type: 'taken', runs: runsReceived }, texts: [] })
  channel.flush()
}

captureConsole((level, text) => isolate.log(level, text, null))
catchStrayErrors((error, call) => isolate.strayError(error, call))
