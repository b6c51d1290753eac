import type { CallUp, Payload, Reply } from '@tessera/protocol'
import { Decoder, type Packet, packetTypes } from '@tessera/protocol/wire'
import type { RemoteSocket } from './remote-socket.ts'
import { isWritable, ReplyWriter } from './reply-writer.ts'

type ServeCall = (message: CallUp, reply: (answer: Reply<Payload>) => void) => void

/**
 * The hot path: calls go from the decoded packet to their handler, and results back as frames, past socket.io's emitters,
 * ticks and acknowledgements, which measured a fifth of a call. Everything else takes the ordinary way. False where this
 * socket.io is not built as expected: calls then are events like the others.
 */
export const openCallLane = (socket: RemoteSocket, serve: ServeCall): boolean => {
  const { decoder } = socket.client as unknown as { decoder: unknown }
  if (!(decoder instanceof Decoder) || !isWritable(socket.conn)) return false
  const namespace = socket.nsp.name
  const writer = new ReplyWriter(socket.conn, namespace)
  decoder.divert = (packet) => {
    const { id } = packet
    if (id === undefined || packet.nsp !== namespace || !isCall(packet) || !socket.connected) return false
    serve((packet.data as [string, CallUp])[1], (answer) => writer.answer(id, answer))
    return true
  }
  return true
}

const isCall = ({ type, data }: Packet): boolean => type === packetTypes.event && (data as readonly unknown[])[0] === 'call'
