import { Packr, unpack } from '@colyseus/msgpackr'
import { WebSocket } from 'ws'

/** Of its protocol: the first byte of a packet. */
const joined = 10
const roomData = 13
const packr = new Packr({ useRecords: false })

/**
 * One client in the room that everybody is in: a seat is reserved over HTTP and taken over a WebSocket, as its own client does.
 * @param {{ port: number, onLost: () => void }} options
 * @returns {Promise<import('./live-client.mjs').LiveConnection>}
 */
export const connectColyseus = async ({ port, onLost }) => {
  const seat = await reserve(port)
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${seat.room.processId}/${seat.room.roomId}?sessionId=${seat.sessionId}`, { perMessageDeflate: false })
  /** @type {Map<number, (answer: unknown) => void>} */
  const waiting = new Map()
  let last = 0
  const ask = (/** @type {string} */ event, /** @type {unknown} */ payload) =>
    new Promise((answered) => {
      waiting.set(++last, answered)
      socket.send(packetOf(event, { id: last, payload }))
    })
  return new Promise((resolve, reject) => {
    let open = false
    const closed = () => (open ? onLost() : reject(new Error('The room was closed.')))
    const close = () => {
      socket.off('close', closed)
      socket.terminate()
    }
    socket.on('message', (/** @type {Buffer} */ packet) => {
      if (packet[0] === joined) {
        socket.send(Buffer.of(joined))
        open = true
        resolve({ welcome: null, ask, close })
      } else if (packet[0] === roomData) {
        const { id, payload } = unpack(packet.subarray(endOfType(packet)))
        waiting.get(id)?.(payload)
        waiting.delete(id)
      }
    })
    socket.on('error', (error) => (open ? undefined : reject(error)))
    socket.on('close', closed)
  })
}

/** @param {number} port */
const reserve = async (port) => {
  const response = await fetch(`http://127.0.0.1:${port}/matchmake/joinOrCreate/hall`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  const seat = /** @type {{ room?: { processId: string, roomId: string }, sessionId: string }} */ (await response.json())
  if (seat.room === undefined) throw new Error(`No seat: ${JSON.stringify(seat)}`)
  return { room: seat.room, sessionId: seat.sessionId }
}

/**
 * The kind of packet, the type as a short string, and the message in msgpack.
 * @param {string} type
 * @param {unknown} message
 */
const packetOf = (type, message) => Buffer.concat([Buffer.of(roomData, shortString | type.length), Buffer.from(type), packr.pack(message)])

const shortString = 0xa0

/** @param {Buffer} packet */
const endOfType = (packet) => 2 + ((packet[1] ?? 0) & 31)
