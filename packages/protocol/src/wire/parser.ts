import { TesseraError } from '../tessera-error.ts'
import { joinFrame, splitFrame } from './frame.ts'
import { type Packet, type PacketHead, type PayloadMember, payloadMembers, readPacket } from './packet.ts'

/** A frame of a websocket as platforms deliver it. */
export type Frame = string | Uint8Array | ArrayBuffer

type Listener = (packet: Packet) => void

/**
 * Packets to frames, in place of socket.io's own way, in which bytes travel as a placeholder and a frame of their own. A
 * packet is one frame: text, its head as JSON; or binary, length of the head, head, payload. The payload is opaque here:
 * neither escaped nor parsed.
 */
export class Encoder {
  encode(packet: Packet): [string | Uint8Array] {
    return [encodePacket(packet)]
  }
}

/** Frames to packets. One belongs to each connection. */
export class Decoder {
  readonly #listeners = new Set<Listener>()
  /** Takes the packets that it answers with true, past socket.io: set where calls must cost little. */
  divert: ((packet: Packet) => boolean) | null = null

  /** @throws TesseraError `BAD_REQUEST` for what is no packet: the connection is closed then, by socket.io. */
  add(frame: Frame): void {
    const packet = decodePacket(frame)
    if (this.divert?.(packet) === true) return
    for (const listener of this.#listeners) listener(packet)
  }

  /** Each packet that was not diverted. */
  on(_event: 'decoded', listener: Listener): this {
    this.#listeners.add(listener)
    return this
  }

  off(_event: 'decoded', listener: Listener): this {
    this.#listeners.delete(listener)
    return this
  }

  removeListener(event: 'decoded', listener: Listener): this {
    return this.off(event, listener)
  }

  /** No packet is ever half here. */
  destroy(): void {}
}

/** What both ends of `/live` give to socket.io as `parser`. */
export const wireParser = { Encoder, Decoder }

export const encodePacket = ({ type, nsp, id, data }: Packet): string | Uint8Array => {
  const member = payloadMemberOf(data)
  if (member === null) return JSON.stringify([type, nsp, id ?? null, data ?? null] satisfies PacketHead)
  const items = data as readonly Record<string, unknown>[]
  const { [member]: payload, ...message } = items.at(-1) ?? {}
  return joinFrame(JSON.stringify([type, nsp, id ?? null, [...items.slice(0, -1), message], member] satisfies PacketHead), payload as Uint8Array)
}

/** @throws TesseraError `BAD_REQUEST`. */
export const decodePacket = (frame: Frame): Packet => {
  if (typeof frame === 'string') return readPacket(frame, null)
  const bytes = frame instanceof ArrayBuffer ? new Uint8Array(frame) : frame
  if (!(bytes instanceof Uint8Array)) throw new TesseraError('BAD_REQUEST', 'This is not a packet: it is neither text nor bytes.')
  const { head, payload } = splitFrame(bytes)
  return readPacket(head, payload)
}

const payloadMemberOf = (data: unknown): PayloadMember | null => {
  const message: unknown = Array.isArray(data) ? data.at(-1) : undefined
  if (typeof message !== 'object' || message === null) return null
  return payloadMembers.find((member) => (message as Record<string, unknown>)[member] instanceof Uint8Array) ?? null
}
