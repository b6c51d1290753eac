import { randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const slots = 4096
/** Two doubles: how many runs have begun with this one, and its number. */
const slotBytes = 16
export const begunRingBytes = slots * slotBytes

/** What an isolate that is gone had begun, as far as it is known. */
export interface BegunRuns {
  /** False only where the run surely did not begin. `answeredBefore`: how many runs had been answered when it was sent. */
  mayHaveBegun(run: number, answeredBefore: number): boolean
}

/**
 * Which runs an isolate has begun, in a nameless file that both processes hold open: it outlives an isolate that is killed. A
 * run is noted right before its first line, so that those which waited behind it can be run elsewhere (rule X26). A message
 * would tell the same, but one for each run wakes the server in the middle of its work. The notes are a ring: what was
 * answered before a run was sent had begun before it, so an old run is doubted only when the ring may have lost it.
 */
export class BegunLog {
  /** To be inherited by the isolate's process. */
  readonly descriptor: number
  #closed = false

  private constructor(descriptor: number) {
    this.descriptor = descriptor
  }

  /** Null where this machine lets nobody write temporary files: the isolate then sends messages. */
  static open(directory = tmpdir()): BegunLog | null {
    const name = join(directory, `tessera-begun-${randomUUID()}`)
    try {
      const descriptor = openSync(name, 'wx+', 0o600)
      rmSync(name, { force: true })
      return new BegunLog(descriptor)
    } catch {
      return null
    }
  }

  /** Where it cannot be read everything may have begun. */
  read(): BegunRuns {
    const bytes = Buffer.alloc(slots * slotBytes)
    try {
      const length = readSync(this.descriptor, bytes, 0, bytes.length, 0)
      return begunIn(bytes.subarray(0, length - (length % slotBytes)))
    } catch {
      return { mayHaveBegun: () => true }
    }
  }

  close(): void {
    if (!this.#closed) closeSync(this.descriptor)
    this.#closed = true
  }
}

/** `bytes`: the ring, or as much of it as was written. */
export const begunIn = (bytes: Buffer): BegunRuns => {
  const runs = new Set<number>()
  let begun = 0
  for (let at = 0; at < bytes.length; at += slotBytes) {
    begun = Math.max(begun, bytes.readDoubleLE(at))
    runs.add(bytes.readDoubleLE(at + 8))
  }
  const lost = Math.max(0, begun - slots)
  return { mayHaveBegun: (run, answeredBefore) => runs.has(run) || answeredBefore < lost }
}

/** The isolate's end of a log. */
export class BegunNotes {
  readonly #write: (note: Buffer, at: number) => void
  readonly #note = Buffer.alloc(slotBytes)
  #begun = 0

  /** `write` puts a note where the parent will find it. */
  constructor(write: (note: Buffer, at: number) => void) {
    this.#write = write
  }

  /** To be called right before the run begins. @throws Error of the place that it writes to. */
  note(run: number): void {
    const at = (this.#begun % slots) * slotBytes
    this.#begun++
    this.#note.writeDoubleLE(this.#begun, 0)
    this.#note.writeDoubleLE(run, 8)
    this.#write(this.#note, at)
  }
}

export const notesInFile = (descriptor: number): BegunNotes =>
  new BegunNotes((note, at) => {
    writeSync(descriptor, note, 0, note.length, at)
  })
