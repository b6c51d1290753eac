import type { Payload, Reply } from '@tessera/protocol'
import { encodePacket, headAt, packetTypes, writeHeadLength } from '@tessera/protocol/wire'
import type { RemoteSocket } from './remote-socket.ts'

type Connection = RemoteSocket['conn']

interface Waiting {
  head: string
  value: Uint8Array
}

/** Answers calls on one connection: all results of one tick leave in one write. */
export class ReplyWriter {
  readonly #connection: Connection
  readonly #namespace: string
  #waiting: Waiting[] = []

  constructor(connection: Connection, namespace: string) {
    this.#connection = connection
    this.#namespace = namespace
    // Whatever else is sent comes after the results that were there before it.
    connection.on('packetCreate', () => this.#flush())
  }

  answer(id: number, answer: Reply<Payload>): void {
    if (!answer.ok) {
      this.#connection.write(encodePacket({ type: packetTypes.ack, nsp: this.#namespace, id, data: [answer] }))
      return
    }
    const { value } = answer
    if (this.#waiting.length === 0) process.nextTick(this.#onTick)
    this.#waiting.push({ head: `[3,"${this.#namespace}",${id},[{"ok":true}],"value"]`, value: typeof value === 'string' ? Buffer.from(value) : value })
  }

  readonly #onTick = (): void => this.#flush()

  #flush(): void {
    const waiting = this.#waiting
    if (waiting.length === 0) return
    this.#waiting = []
    // How socket.io's own broadcasts say that bytes are frames of the websocket already; engine.io's types know nothing of it.
    const framed = { compress: false, wsPreEncodedFrame: [framesOf(waiting)] }
    this.#connection.write('', framed)
  }
}

/** Whether a connection takes frames of the websocket as they are. */
export const isWritable = ({ transport }: Connection): boolean => {
  const { socket, perMessageDeflate } = transport as unknown as { socket?: { _sender?: { sendFrame?: unknown } }; perMessageDeflate?: unknown }
  return transport.name === 'websocket' && !perMessageDeflate && typeof socket?._sender?.sendFrame === 'function'
}

/** Binary messages of a websocket, each whole and unmasked (RFC 6455, 5.2). */
const framesOf = (waiting: readonly Waiting[]): Buffer => {
  const frames = Buffer.allocUnsafe(waiting.reduce((sum, { head, value }) => sum + mostFrameHead + headAt + head.length + value.length, 0))
  let at = 0
  for (const { head, value } of waiting) {
    at = writeFrameHead(frames, at, headAt + head.length + value.length)
    writeHeadLength(frames, at, head.length)
    at += headAt
    at += frames.write(head, at, 'latin1')
    frames.set(value, at)
    at += value.length
  }
  return frames.subarray(0, at)
}

const mostFrameHead = 10
const wholeBinary = 0x82
const most7Bits = 125
const most16Bits = 65_535

const writeFrameHead = (frames: Buffer, at: number, length: number): number => {
  frames[at] = wholeBinary
  if (length <= most7Bits) {
    frames[at + 1] = length
    return at + 2
  }
  if (length <= most16Bits) {
    frames[at + 1] = most7Bits + 1
    return frames.writeUInt16BE(length, at + 2)
  }
  frames[at + 1] = most7Bits + 2
  return frames.writeBigUInt64BE(BigInt(length), at + 2)
}
