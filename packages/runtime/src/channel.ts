import type { Duplex } from 'node:stream'
import { type Payload, TesseraError } from '@tessera/protocol/values'
import { FrameReader, frameHeaderBytes } from './frame-reader.ts'
import type { Envelope } from './wire.ts'

export interface ChannelOptions {
  /** Largest frame taken or sent. A single message above it is refused where it is sent. */
  maxFrameBytes: number
  /** All messages of one frame, in order. */
  onFrame: (envelopes: Envelope[]) => void
  /** Once, whatever the reason: the other end is gone, the pipe broke, a frame was unreadable. */
  onClosed: (why: string) => void
}

export const defaultMaxFrameBytes = 64 * 1_048_576

/**
 * Messages over a pipe. All that is sent in one turn of the event loop leaves as one frame in one write, which is what
 * makes a hop cheap. A frame is: length of the body, length of the heads (both 32 bits, little endian), the heads as one
 * JSON array, then the bytes of all texts as they are. Lengths are counted in bytes.
 */
export class Channel {
  readonly #pipe: Duplex
  readonly #options: ChannelOptions
  #items: unknown[] = []
  #texts: Payload[] = []
  #bytes = 0
  #scheduled = false
  #closed = false
  #readToEnd = false

  constructor(pipe: Duplex, options: ChannelOptions) {
    this.#pipe = pipe
    this.#options = options
    const reader = new FrameReader(options.maxFrameBytes, options.onFrame)
    pipe.on('data', (piece: Buffer) => {
      if (!this.#closed) this.#read(reader, piece)
    })
    pipe.on('error', (error: NodeJS.ErrnoException) => {
      // How Linux tells that the other end died before it read all of ours; what it sent was read before.
      if (error.code === 'ECONNRESET' && error.syscall === 'read') this.#readToEnd = !this.#closed
      this.close(`the pipe broke: ${error.message}`)
    })
    pipe.on('close', () => this.close('the other end closed the pipe'))
    pipe.on('end', () => {
      this.#readToEnd = !this.#closed
      this.close('the other end closed the pipe')
    })
  }

  /** Whether all that the other end ever sent was received. */
  get readToEnd(): boolean {
    return this.#readToEnd
  }

  /** @throws TesseraError `PAYLOAD_TOO_LARGE` for a message that no frame can hold; the channel stays usable. */
  send({ head, texts }: Envelope): void {
    if (this.#closed) return
    const lengths = texts.map(byteLength)
    const bytes = lengths.reduce(add, 0)
    if (bytes > this.#options.maxFrameBytes / 2) {
      throw new TesseraError('PAYLOAD_TOO_LARGE', `A message of ${bytes} bytes is too large for the isolate channel.`)
    }
    if (this.#bytes + bytes > this.#options.maxFrameBytes / 2) this.flush()
    this.#items.push(head, lengths.length === 1 ? lengths[0] : lengths)
    for (const text of texts) this.#texts.push(text)
    this.#bytes += bytes
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#onTick)
  }

  /** Writes what was sent so far now, not at the end of this turn. */
  flush(): void {
    if (this.#items.length === 0 || this.#closed) return
    this.#pipe.write(this.#takeFrame())
  }

  close(why: string): void {
    if (this.#closed) return
    this.flush()
    this.#closed = true
    this.#pipe.end()
    this.#options.onClosed(why)
  }

  readonly #onTick = (): void => {
    this.#scheduled = false
    this.flush()
  }

  #read(reader: FrameReader, piece: Buffer): void {
    try {
      reader.push(piece)
    } catch (error) {
      this.close(error instanceof Error ? error.message : String(error))
      this.#pipe.destroy()
    }
  }

  #takeFrame(): Buffer {
    const heads = JSON.stringify(this.#items)
    const headBytes = byteLength(heads)
    const frame = Buffer.allocUnsafe(frameHeaderBytes + headBytes + this.#bytes)
    frame.writeUInt32LE(headBytes + this.#bytes, 0)
    frame.writeUInt32LE(headBytes, 4)
    let at = frameHeaderBytes + frame.write(heads, frameHeaderBytes)
    for (const text of this.#texts) at += put(frame, text, at)
    this.#items = []
    this.#texts = []
    this.#bytes = 0
    return frame
  }
}

const put = (frame: Buffer, text: Payload, at: number): number => {
  if (typeof text === 'string') return frame.write(text, at)
  frame.set(text, at)
  return text.length
}

const byteLength = (text: Payload): number => (typeof text === 'string' ? Buffer.byteLength(text) : text.length)
const add = (sum: number, length: number): number => sum + length
