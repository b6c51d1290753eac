import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

const key = randomBytes(16).toString('base64')
/** Not zero: servers take it off again, as they do for every real client. */
const mask = Buffer.from([0x5a, 0x13, 0xc7, 0x88])
const endOfHead = '\r\n\r\n'
const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 }

/**
 * What a connection says: `onEnd` once, however it ends, with the reason where it never opened.
 * @typedef {{ onOpen: () => void, onMessage: (message: string | Buffer) => void, onEnd: (why: string) => void }} Listener
 */

/**
 * A WebSocket client that knows whole frames and pings alone: ten thousand of these take less of the machine than the
 * server that they are to load, which ten thousand of ws do not.
 */
export class ThinWebSocket {
  #socket
  #listener
  #open = false
  /** @type {Buffer} */
  #held = Buffer.alloc(0)

  /**
   * @param {{ port: number, path: string, localAddress?: string }} target
   * @param {Listener} listener
   */
  constructor({ port, path, ...from }, listener) {
    this.#listener = listener
    const socket = connect({ port, host: '127.0.0.1', ...from, noDelay: true })
    this.#socket = socket
    let why = 'The connection was closed.'
    socket.on('connect', () => socket.write(upgradeRequest(port, path)))
    socket.on('data', (piece) => this.#take(piece))
    socket.on('error', (error) => {
      why = error.message
    })
    socket.on('close', () => listener.onEnd(why))
  }

  /** @param {string | Uint8Array} message */
  send(message) {
    this.#socket.write(typeof message === 'string' ? frameOf(opcodes.text, Buffer.from(message)) : frameOf(opcodes.binary, message))
  }

  close() {
    this.#socket.destroy()
  }

  /** @param {Buffer} piece */
  #take(piece) {
    this.#held = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece])
    if (!this.#open && !this.#takeHead()) return
    for (let frame = readFrame(this.#held); frame !== null; frame = readFrame(this.#held)) {
      this.#held = this.#held.subarray(frame.end)
      this.#hear(frame)
    }
    // A rest that is kept must not keep the whole piece that it came with.
    if (this.#held.length > 0) this.#held = Buffer.from(this.#held)
  }

  #takeHead() {
    const end = this.#held.indexOf(endOfHead)
    if (end < 0) return false
    const accepted = this.#held.toString('latin1', 0, 12) === 'HTTP/1.1 101'
    if (!accepted) {
      this.#socket.destroy(new Error(`No WebSocket: ${this.#held.toString('latin1', 0, 200)}`))
      return false
    }
    this.#open = true
    this.#held = this.#held.subarray(end + endOfHead.length)
    this.#listener.onOpen()
    return true
  }

  /** @param {Frame} frame */
  #hear({ opcode, body }) {
    if (opcode === opcodes.text) this.#listener.onMessage(body.toString())
    else if (opcode === opcodes.binary) this.#listener.onMessage(body)
    else if (opcode === opcodes.ping) this.#socket.write(frameOf(opcodes.pong, body))
    else if (opcode === opcodes.close) this.#socket.end()
  }
}

/**
 * @param {number} port
 * @param {string} path
 */
const upgradeRequest = (port, path) =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`

/** @typedef {{ opcode: number, body: Buffer, end: number }} Frame */

/**
 * The first frame, as servers write it: unmasked and whole.
 * @param {Buffer} bytes
 * @returns {Frame | null} null while some of it is missing
 */
export const readFrame = (bytes) => {
  if (bytes.length < 2) return null
  const opcode = (bytes[0] ?? 0) & 15
  const short = (bytes[1] ?? 0) & 127
  const from = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < from) return null
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const end = from + length
  return bytes.length < end ? null : { opcode, body: bytes.subarray(from, end), end }
}

/**
 * @param {number} opcode
 * @param {Uint8Array} body
 */
export const frameOf = (opcode, body) => {
  const { length } = body
  if (length > 65_535) throw new Error('A thin client sends no more than 65,535 bytes at once.')
  const from = length < 126 ? 6 : 8
  const frame = Buffer.allocUnsafe(from + length)
  frame[0] = 0x80 | opcode
  if (length < 126) frame[1] = 0x80 | length
  else {
    frame[1] = 0x80 | 126
    frame.writeUInt16BE(length, 2)
  }
  mask.copy(frame, from - mask.length)
  for (let at = 0; at < length; at++) frame[from + at] = (body[at] ?? 0) ^ (mask[at & 3] ?? 0)
  return frame
}
