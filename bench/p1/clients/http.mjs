import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'

const endOfHead = Buffer.from('\r\n\r\n')

/**
 * A keep-alive connection that reads no more of HTTP than status and length: Node's own client costs more than the server.
 * Calls on one connection are pipelined, and answered in order.
 * @param {import('../peers.mjs').Target} target
 * @returns {Promise<import('../load.mjs').Connection>}
 */
export const connect = async ({ port }) => {
  const socket = connectSocket({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  /** @type {((answer: unknown) => void)[]} */
  const waiting = []
  /** @type {Buffer} */
  let held = Buffer.alloc(0)
  socket.on('data', (piece) => {
    held = held.length === 0 ? piece : Buffer.concat([held, piece])
    for (let taken = takeResponse(held); taken !== null; taken = takeResponse(held)) {
      held = held.subarray(taken.end)
      waiting.shift()?.(taken.answer)
    }
  })
  return {
    call: (payload) =>
      new Promise((answered) => {
        const body = JSON.stringify(payload)
        waiting.push(answered)
        socket.write(`POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
      }),
    close: () => void socket.destroy(),
  }
}

/**
 * @param {Buffer} bytes
 * @returns {{ end: number, answer: unknown } | null}
 */
const takeResponse = (bytes) => {
  const from = bytes.indexOf(endOfHead)
  if (from < 0) return null
  const head = bytes.toString('latin1', 0, from)
  const start = from + endOfHead.length
  const end = start + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
  if (bytes.length < end) return null
  const text = bytes.toString('utf8', start, end)
  return { end, answer: head.startsWith('HTTP/1.1 200') ? JSON.parse(text) : text }
}
