import type { Envelope } from './wire.ts'

/** Bytes before a frame's body: length of the body, length of the heads at its start. */
export const frameHeaderBytes = 8

/**
 * Puts frames together from whatever pieces a pipe delivers. A frame that lies in one piece is read where it is; a large
 * one is collected and joined once. Texts are views of it.
 */
export class FrameReader {
  readonly #maxBytes: number
  readonly #onFrame: (envelopes: Envelope[]) => void
  #pieces: Buffer[] = []
  #held = 0
  #needed = frameHeaderBytes

  constructor(maxBytes: number, onFrame: (envelopes: Envelope[]) => void) {
    this.#maxBytes = maxBytes
    this.#onFrame = onFrame
  }

  /** @throws Error where a frame is larger than the limit or not a frame at all: the pipe is of no more use then. */
  push(piece: Buffer): void {
    if (this.#held === 0) {
      this.#readAll(piece)
      return
    }
    this.#pieces.push(piece)
    this.#held += piece.length
    if (this.#held >= this.#needed) this.#readAll(this.#takeHeld())
  }

  #takeHeld(): Buffer {
    const joined = Buffer.concat(this.#pieces, this.#held)
    this.#pieces = []
    this.#held = 0
    return joined
  }

  #readAll(bytes: Buffer): void {
    let at = 0
    for (;;) {
      this.#needed = this.#frameBytes(bytes, at)
      if (bytes.length - at < this.#needed) break
      const end = at + this.#needed
      this.#onFrame(readFrame(bytes, at, end))
      at = end
    }
    if (at === bytes.length) return
    const rest = bytes.subarray(at)
    this.#pieces.push(rest)
    this.#held = rest.length
  }

  #frameBytes(bytes: Buffer, at: number): number {
    if (bytes.length - at < frameHeaderBytes) return frameHeaderBytes
    const body = bytes.readUInt32LE(at)
    if (body > this.#maxBytes) throw new Error(`A frame of ${body} bytes came on the isolate channel; the limit is ${this.#maxBytes}.`)
    if (bytes.readUInt32LE(at + 4) > body) throw new Error('What came on the isolate channel is not a frame.')
    return frameHeaderBytes + body
  }
}

/** Heads are a flat JSON array: head, byte lengths of its texts (one number, or an array where it is not one), head, ... */
const readFrame = (bytes: Buffer, start: number, end: number): Envelope[] => {
  let at = start + frameHeaderBytes + bytes.readUInt32LE(start + 4)
  const items: unknown = JSON.parse(bytes.toString('utf8', start + frameHeaderBytes, at))
  if (!Array.isArray(items)) throw new Error('What came on the isolate channel has no heads.')
  const envelopes: Envelope[] = []
  for (let index = 0; index < items.length; index += 2) {
    const lengths: unknown = items[index + 1]
    const texts: Buffer[] = []
    for (const length of Array.isArray(lengths) ? lengths : [lengths]) {
      if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || at + length > end)
        throw new Error('A text on the isolate channel is longer than its frame.')
      texts.push(bytes.subarray(at, at + length))
      at += length
    }
    envelopes.push({ head: items[index], texts })
  }
  return envelopes
}
