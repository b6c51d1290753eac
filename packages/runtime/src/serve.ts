/**
 * The one entry that hosts project code in a process of its own. Its parent talks to it over the pipe at descriptor 3;
 * when that pipe closes, whatever the reason, this process ends (rule X10).
 */
import { Socket } from 'node:net'
import { Channel, defaultMaxFrameBytes } from './channel.ts'
import { captureConsole } from './inside/console-capture.ts'
import { Isolate } from './inside/isolate.ts'
import { catchStrayErrors, guardExit } from './inside/stray.ts'
import type { Down } from './messages.ts'
import { noteTaken } from './taken-counter.ts'
import { decodeDown, type Envelope, encodeUp } from './wire.ts'

const exit = guardExit()
// The terminal sends Ctrl+C to the whole group: the server decides when its isolates end, so that calls finish first.
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})

/** The descriptor of the counter of taken runs, where the parent could make one. */
const counter = process.argv[2] === undefined ? null : Number(process.argv[2])
let runsTaken = 0

const isolate = new Isolate((message) => channel.send(encodeUp(message)))

const channel = new Channel(new Socket({ fd: 3 }), {
  maxFrameBytes: defaultMaxFrameBytes,
  onFrame: (envelopes) => receiveAll(envelopes),
  onClosed: () => exit(0),
})

const receiveAll = (envelopes: readonly Envelope[]): void => {
  const messages = envelopes.map(decodeDown)
  acknowledgeRuns(messages)
  for (const message of messages) {
    if (message.type === 'open') process.title = `tessera ${message.id}`
    isolate.receive(message)
  }
}

/** Noted before the first of them runs: a method that never yields must count as started when its isolate is killed. */
const acknowledgeRuns = (messages: readonly Down[]): void => {
  const before = runsTaken
  for (const { type } of messages) if (type === 'run') runsTaken += 1
  if (runsTaken === before || isNoted()) return
  channel.send({ head: { type: 'taken', runs: runsTaken }, texts: [] })
  channel.flush()
}

const isNoted = (): boolean => {
  if (counter === null) return false
  try {
    noteTaken(counter, runsTaken)
    return true
  } catch {
    return false
  }
}

captureConsole((level, text) => isolate.log(level, text, null))
catchStrayErrors((error, call) => isolate.strayError(error, call))
