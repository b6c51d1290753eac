import { decodePacket, encodePacket, packetTypes } from '@tessera/protocol/wire'

/** @typedef {import('@tessera/protocol/wire').Packet} Packet */
/**
 * How packets become messages of a websocket and come back. `read` answers null where a message is none.
 * @typedef {{ write: (packet: Packet) => string | Uint8Array, read: (message: string | Uint8Array) => Packet | null }} PacketFormat
 */

/** Engine.io writes one digit before a text: 4 is a message of the layer above it. */
const message = '4'

/** Tessera's own frames. @type {PacketFormat} */
const tessera = {
  write: (packet) => {
    const frame = encodePacket(packet)
    return typeof frame === 'string' ? message + frame : frame
  },
  read: (frame) => {
    if (typeof frame === 'string') return frame[0] === message ? decodePacket(frame.slice(1)) : null
    return decodePacket(frame)
  },
}

/** What a bare socket.io server speaks, in its first namespace. @type {PacketFormat} */
const bare = {
  write: ({ type, id, data }) => `${message}${type}${id ?? ''}${type === packetTypes.connect ? '' : JSON.stringify(data)}`,
  read: (frame) => {
    const text = frame.toString()
    if (text[0] !== message) return null
    const type = /** @type {Packet['type']} */ (Number(text[1]))
    if (type === packetTypes.connect) return { type, nsp: '/' }
    const from = text.indexOf('[')
    return { type, nsp: '/', id: Number(text.slice(2, from)), data: JSON.parse(text.slice(from)) }
  },
}

/** @type {Readonly<Record<'tessera' | 'socket.io', PacketFormat>>} */
export const packetFormats = { tessera, 'socket.io': bare }
