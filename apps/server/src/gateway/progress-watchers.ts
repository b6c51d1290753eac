import type { EventBus } from '@tessera/core'
import type { RemoteSocket } from './remote-socket.ts'

/** Which connections hear how far which stored procedures are. */
export class ProgressWatchers {
  readonly #sockets = new Map<string, Set<RemoteSocket>>()

  constructor(bus: EventBus) {
    bus.on('procedure.progressed', ({ processId, fraction, text }) => {
      for (const socket of this.#sockets.get(processId) ?? []) socket.emit('progress', { processId, fraction, text })
    })
    bus.on('procedure.ended', ({ processId }) => this.#sockets.delete(processId))
  }

  /** Until the procedure ends, or the connection. */
  add(processId: string, socket: RemoteSocket): void {
    const sockets = this.#sockets.get(processId) ?? new Set<RemoteSocket>()
    this.#sockets.set(processId, sockets)
    if (!socket.connected || sockets.has(socket)) return
    sockets.add(socket)
    socket.once('disconnect', () => sockets.delete(socket))
  }
}
