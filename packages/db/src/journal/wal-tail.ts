import { readFileSync } from 'node:fs'

const headerBytes = 32
const frameHeaderBytes = 24

/**
 * Whether a write-ahead log lost a transaction that was acknowledged. SQLite reads it up to the first frame whose checksum is wrong
 * and says nothing of what follows. The journal writes a transaction only when the one before has reached the disk: so a
 * whole transaction in or behind the break, with frames of a later one behind it, was acknowledged. The last transaction alone may
 * be one that a kill or a power cut left unfinished: that is no damage, and only `AcknowledgedMark` can tell better.
 */
export const losesTransactions = (walFile: string): boolean => {
  const wal = readWal(walFile)
  if (wal.length < headerBytes) return false
  const frames = framesOf(wal)
  const broken = firstBroken(wal, frames)
  const last = frames.findLastIndex(({ own }) => own)
  return frames.some(({ own, commits }, index) => own && commits && index >= broken && index < last)
}

interface Frame {
  at: number
  /** It carries the salt of this log; another is left over from before the log was begun anew. */
  own: boolean
  commits: boolean
}

const readWal = (walFile: string): Buffer => {
  try {
    return readFileSync(walFile)
  } catch {
    return Buffer.alloc(0)
  }
}

const framesOf = (wal: Buffer): Frame[] => {
  const pageBytes = wal.readUInt32BE(8)
  const size = frameHeaderBytes + pageBytes
  const frames: Frame[] = []
  if (pageBytes < 512 || pageBytes % 8 !== 0) return frames
  for (let at = headerBytes; at + size <= wal.length; at += size) {
    const own = wal.compare(wal, 16, 24, at + 8, at + 16) === 0
    frames.push({ at, own, commits: wal.readUInt32BE(at + 4) !== 0 })
  }
  return frames
}

/** The first frame that SQLite does not take; each checksum continues that of the frame before. */
const firstBroken = (wal: Buffer, frames: readonly Frame[]): number => {
  const sum = new WalChecksum(wal.readUInt32BE(0) % 2 === 0)
  if (!sum.add(wal, 0, 24).matches(wal, 24)) return 0
  const pageBytes = wal.readUInt32BE(8)
  for (const [index, { at, own }] of frames.entries()) {
    if (!own) return index
    sum.add(wal, at, 8).add(wal, at + frameHeaderBytes, pageBytes)
    if (!sum.matches(wal, at + 16)) return index
  }
  return frames.length
}

/** As https://sqlite.org/fileformat2.html#checksum_algorithm says. */
class WalChecksum {
  readonly #littleEndian: boolean
  #first = 0
  #second = 0

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian
  }

  add(bytes: Buffer, from: number, count: number): this {
    const view = new DataView(bytes.buffer, bytes.byteOffset + from, count)
    for (let at = 0; at < count; at += 8) {
      this.#first = (this.#first + view.getUint32(at, this.#littleEndian) + this.#second) >>> 0
      this.#second = (this.#second + view.getUint32(at + 4, this.#littleEndian) + this.#first) >>> 0
    }
    return this
  }

  matches(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#first && bytes.readUInt32BE(at + 4) === this.#second
  }
}
