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
import { decodeDown, type Envelope, encodeUp } from './wire.ts'

const exit = guardExit()
// The terminal sends Ctrl+C to the whole group: the server decides when its isolates end, so that calls finish first.
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})

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

/** Written before the first of them runs: a method that never yields must count as started when its isolate is killed. */
const acknowledgeRuns = (messages: readonly Down[]): void => {
  const runs = messages.filter(({ type }) => type === 'run').length
  if (runs === 0) return
  runsTaken += runs
  channel.send({ head: { type: 'taken', runs: runsTaken }, texts: [] })
  channel.flush()
}

captureConsole((level, text) => isolate.log(level, text, null))
catchStrayErrors((error, call) => isolate.strayError(error, call))
