import { BegunNotes, begunRingBytes } from './begun-log.ts'
import type { Down, Up } from './messages.ts'

/** What a thread is started with: memory that both sides see. */
export interface ThreadData {
  ring: BegunRing
  board: SharedArrayBuffer
}

/** What the server sends a thread: the messages of one turn, that it shall give a sign of life, or that it shall end. */
export type ToThread = readonly Down[] | 'ping' | 'end'

/** What a thread sends the server: the messages of one turn. */
export type FromThread = readonly Up[]

/** Which runs a thread has begun, in memory that both sides see: known whenever the thread is ended. */
export type BegunRing = Uint8Array<SharedArrayBuffer>

export const newBegunRing = (): BegunRing => new Uint8Array(new SharedArrayBuffer(begunRingBytes))

export const notesInMemory = (ring: BegunRing): BegunNotes => new BegunNotes((note, at) => ring.set(note, at))
