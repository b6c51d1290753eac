import type { Payload } from '@tessera/protocol'

/** What a payload may keep in memory besides itself while it waits. */
const spareBytes = 4096

/** For a payload that waits for its turn: bytes that came in a much larger piece are copied, for they would keep all of it. */
export const waitingPayload = (payload: Payload): Payload =>
  typeof payload === 'string' || payload.buffer.byteLength - payload.length <= spareBytes ? payload : new Uint8Array(payload)
