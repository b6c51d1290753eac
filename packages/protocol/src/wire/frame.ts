import { TesseraError } from '../tessera-error.ts'

// Every platform that this runs on has these, though not every set of types.
declare const TextEncoder: new () => { encode(text: string): Uint8Array }
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string }

/** Only Node has it, where it is faster. Called by its plain name it would be packed into the console. */
const { Buffer } = globalThis as { Buffer?: { from(text: string): Uint8Array; allocUnsafe(bytes: number): Uint8Array; isBuffer(bytes: Uint8Array): boolean } }

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Bytes before the head: its length, 32 bits, little endian. */
export const headAt = 4

/** The UTF-8 bytes of a text. */
export const utf8Bytes = (text: string): Uint8Array => (Buffer === undefined ? encoder.encode(text) : Buffer.from(text))

/** One binary frame: length of the head, head, payload as it is. */
export const joinFrame = (head: string, payload: Uint8Array): Uint8Array => {
  const headBytes = utf8Bytes(head)
  const bytes = headAt + headBytes.length + payload.length
  const frame = Buffer === undefined ? new Uint8Array(bytes) : Buffer.allocUnsafe(bytes)
  writeHeadLength(frame, 0, headBytes.length)
  frame.set(headBytes, headAt)
  frame.set(payload, headAt + headBytes.length)
  return frame
}

export const writeHeadLength = (bytes: Uint8Array, at: number, length: number): void => {
  bytes[at] = length & 255
  bytes[at + 1] = (length >>> 8) & 255
  bytes[at + 2] = (length >>> 16) & 255
  bytes[at + 3] = length >>> 24
}

/**
 * Head and payload of a binary frame. The payload is a view of the frame, not a copy: it keeps all of it in memory.
 * @throws TesseraError `BAD_REQUEST` for bytes that are no frame.
 */
export const splitFrame = (frame: Uint8Array): { head: string; payload: Uint8Array } => {
  const [a = 0, b = 0, c = 0, d = 0] = frame
  const end = headAt + a + b * 0x100 + c * 0x1_0000 + d * 0x100_0000
  if (frame.length < headAt || end > frame.length) throw new TesseraError('BAD_REQUEST', `A frame of ${frame.length} bytes is shorter than it says.`)
  return { head: textIn(frame, headAt, end), payload: frame.subarray(end) }
}

const textIn = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer?.isBuffer(bytes) === true ? (bytes as NodeBuffer).toString('utf8', start, end) : decoder.decode(bytes.subarray(start, end))

interface NodeBuffer extends Uint8Array {
  toString(encoding?: 'utf8', start?: number, end?: number): string
}
