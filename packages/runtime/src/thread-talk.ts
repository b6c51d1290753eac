import type { Down, Up } from './messages.ts'

/** What the server sends a thread: the messages of one turn, or that it shall end. */
export type ToThread = readonly Down[] | 'end'

/** What a thread sends the server: the messages of one turn. */
export type FromThread = readonly Up[]

/** How many runs a thread has begun, in memory that both sides see: known exactly, whenever the thread is ended. */
export type RunCounter = Int32Array<SharedArrayBuffer>

export const newRunCounter = (): RunCounter => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/** Before a run begins. */
export const countRun = (counter: RunCounter): void => {
  Atomics.add(counter, 0, 1)
}

export const runsCounted = (counter: RunCounter): number => Atomics.load(counter, 0)
