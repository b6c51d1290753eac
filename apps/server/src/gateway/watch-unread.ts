import type { RemoteSocket } from './remote-socket.ts'

/** What one client has not read yet may hold so many times the payload limit. */
const unreadPayloads = 64

interface Watched {
  payloadBytes: number
  cutOff(): void
}

/**
 * Cuts a client off that asks and does not read: its answers would fill the server's memory until the heartbeat notices (SPEC P91).
 * Its session goes on, and takes it back.
 */
export const watchUnread = (connection: RemoteSocket['conn'], { payloadBytes, cutOff }: Watched): void => {
  const most = unreadPayloads * payloadBytes
  let unread = 0
  // All that waited was handed to the network; it takes no more before it has written that.
  connection.on('flush', () => {
    unread = 0
  })
  connection.on('packetCreate', (packet: Packet) => {
    unread += bytesOf(packet)
    if (unread <= most) return
    unread = 0
    cutOff()
    connection.close(true)
  })
}

interface Packet {
  data?: string | Uint8Array
  options?: { wsPreEncodedFrame?: readonly Uint8Array[] }
}

const bytesOf = ({ data, options }: Packet): number => (data?.length ?? 0) + (options?.wsPreEncodedFrame ?? []).reduce((sum, frame) => sum + frame.length, 0)
