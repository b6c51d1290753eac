import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const bytes = 8

/**
 * How many runs an isolate has taken, in a nameless file that both processes hold open: it outlives an isolate that is
 * killed. A message would tell the same, but one before each batch of runs wakes the server in the middle of its work,
 * which measured a sixth of all CPU of a call.
 */
export class TakenCounter {
  /** To be inherited by the isolate's process. */
  readonly descriptor: number
  #closed = false

  private constructor(descriptor: number) {
    this.descriptor = descriptor
  }

  /** Null where this machine lets nobody write temporary files: the isolate then sends messages. */
  static open(directory = tmpdir()): TakenCounter | null {
    const name = join(directory, `tessera-taken-${randomUUID()}`)
    try {
      const descriptor = openSync(name, 'wx+', 0o600)
      rmSync(name, { force: true })
      noteTaken(descriptor, 0)
      return new TakenCounter(descriptor)
    } catch {
      return null
    }
  }

  read(): number {
    const note = Buffer.alloc(bytes)
    if (!this.#closed) readSync(this.descriptor, note, 0, bytes, 0)
    return note.readDoubleLE()
  }

  close(): void {
    if (!this.#closed) closeSync(this.descriptor)
    this.#closed = true
  }
}

const note = Buffer.alloc(bytes)

/** @throws Error of the file system. */
export const noteTaken = (descriptor: number, runs: number): void => {
  note.writeDoubleLE(runs)
  writeSync(descriptor, note, 0, bytes, 0)
}
