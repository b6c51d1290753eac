import type { EventBus } from '@tessera/core'
import type { RemoteSocket } from './remote-socket.ts'

/** Which connections hear how far which stored procedures are. */
export class ProgressWatchers {
  readonly #sockets = new Map<string, Set<RemoteSocket>>()
  /** What each connection watches; it is asked once to say when it is gone, however many those are. */
  readonly #watched = new Map<RemoteSocket, Set<string>>()

  constructor(bus: EventBus) {
    bus.on('procedure.progressed', ({ processId, fraction, text }) => {
      for (const socket of this.#sockets.get(processId) ?? []) socket.emit('progress', { processId, fraction, text })
    })
    bus.on('procedure.ended', ({ processId }) => {
      for (const socket of this.#sockets.get(processId) ?? []) this.#watched.get(socket)?.delete(processId)
      this.#sockets.delete(processId)
    })
  }

  /** Until the procedure ends, or the connection. */
  add(processId: string, socket: RemoteSocket): void {
    if (!socket.connected) return
    const sockets = this.#sockets.get(processId) ?? new Set<RemoteSocket>()
    this.#sockets.set(processId, sockets.add(socket))
    this.#watchedBy(socket).add(processId)
  }

  #watchedBy(socket: RemoteSocket): Set<string> {
    const known = this.#watched.get(socket)
    if (known !== undefined) return known
    const watched = new Set<string>()
    this.#watched.set(socket, watched)
    socket.once('disconnect', () => this.#remove(socket, watched))
    return watched
  }

  #remove(socket: RemoteSocket, watched: ReadonlySet<string>): void {
    this.#watched.delete(socket)
    for (const processId of watched) {
      const sockets = this.#sockets.get(processId)
      sockets?.delete(socket)
      if (sockets?.size === 0) this.#sockets.delete(processId)
    }
  }
}
