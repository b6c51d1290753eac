import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'

export const markOf = (file: string): string => `${file}-acknowledged`

/**
 * Beside the journal: the number of the last entry that was acknowledged. SQLite takes a write-ahead log that lost its end
 * for one that never had it; this tells an unfinished group from a lost one. It is not synchronised, so after a power
 * cut it may be older than the journal, never newer.
 */
export class AcknowledgedMark {
  readonly #descriptor: number

  constructor(file: string) {
    this.#descriptor = openSync(markOf(file), constants.O_RDWR | constants.O_CREAT, 0o600)
  }

  set(seq: number): void {
    try {
      writeSync(this.#descriptor, formatMark(seq), 0)
    } catch {
      // The entries are kept all the same; only a loss of the last ones would go unnoticed.
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

/** Null where there is none, or it cannot be read. */
export const readMark = (file: string): number | null => {
  try {
    const text = readFileSync(markOf(file), 'latin1')
    const seq = Number(text.slice(0, 16))
    return text === formatMark(seq) ? seq : null
  } catch {
    return null
  }
}

const formatMark = (seq: number): string => {
  const digits = String(seq).padStart(16, '0')
  return `${digits} ${crc32(digits).toString(16).padStart(8, '0')}\n`
}
