import { TesseraError } from '../tessera-error.ts'

/** The packets of socket.io, by their numbers there. */
export const packetTypes = { connect: 0, disconnect: 1, event: 2, ack: 3, connectError: 4 } as const
export type PacketType = (typeof packetTypes)[keyof typeof packetTypes]

/** A packet as socket.io gives and takes it. */
export interface Packet {
  type: PacketType
  /** The namespace. */
  nsp: string
  /** Pairs an event with its acknowledgement. */
  id?: number | undefined
  data?: unknown
}

/**
 * The member of a packet's last item that may travel as bytes beside its head: the arguments of a call, and the value in
 * its answer. Bytes anywhere else are not for this wire; storable text carries them.
 */
export const payloadMembers = ['args', 'value'] as const
export type PayloadMember = (typeof payloadMembers)[number]

/** Type, namespace, id, data; then the name of the payload, where there is one. */
export type PacketHead = readonly [PacketType, string, number | null, unknown, PayloadMember?]

const longestNamespace = 100
/** Names with a meaning of their own on a socket: nobody may say them from afar. */
const reserved: ReadonlySet<unknown> = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'error', 'newListener', 'removeListener'])

/**
 * The packet of a head, which came from a peer and is believed nothing.
 * @throws TesseraError `BAD_REQUEST`.
 */
export const readPacket = (head: string, payload: Uint8Array | null): Packet => {
  const parsed = parse(head)
  if (!Array.isArray(parsed)) throw notAPacket('its head is no list')
  const [type, nsp, id, data, member]: unknown[] = parsed
  if (!isPacketType(type)) throw notAPacket('it has no type')
  if (typeof nsp !== 'string' || nsp[0] !== '/' || nsp.length > longestNamespace) throw notAPacket('it has no namespace')
  if (id !== null && !(Number.isSafeInteger(id) && (id as number) >= 0)) throw notAPacket('its id is no number')
  if (!isDataOf(type, data)) throw notAPacket('its data do not fit its type')
  if ((payload === null) !== (member === undefined)) throw notAPacket('its payload is missing, or has no name')
  if (payload !== null) putPayload(data, member, payload)
  return { type, nsp, id: id === null ? undefined : (id as number), data: data ?? undefined }
}

const parse = (head: string): unknown => {
  try {
    return JSON.parse(head)
  } catch (cause) {
    throw new TesseraError('BAD_REQUEST', 'This is not a packet: its head is no JSON.', { cause })
  }
}

const isPacketType = (type: unknown): type is PacketType => typeof type === 'number' && Number.isInteger(type) && type >= 0 && type <= packetTypes.connectError

const isDataOf = (type: PacketType, data: unknown): boolean => {
  switch (type) {
    case packetTypes.event:
      return Array.isArray(data) && typeof data[0] === 'string' && !reserved.has(data[0])
    case packetTypes.ack:
      return Array.isArray(data)
    case packetTypes.connect:
      return data === null || isObject(data)
    case packetTypes.disconnect:
      return data === null
    case packetTypes.connectError:
      return isObject(data)
  }
}

const putPayload = (data: unknown, member: unknown, payload: Uint8Array): void => {
  const message: unknown = Array.isArray(data) ? data.at(-1) : undefined
  if (!isObject(message)) throw notAPacket('it has a payload and no message')
  if (member !== 'args' && member !== 'value') throw notAPacket('its payload has a name that is none')
  message[member] = payload
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const notAPacket = (why: string): TesseraError => new TesseraError('BAD_REQUEST', `This is not a packet: ${why}.`)
