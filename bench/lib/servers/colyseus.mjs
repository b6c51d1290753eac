import { createServer } from 'node:http'
import { matchMaker, Room, Server } from '@colyseus/core'
import { WebSocketTransport } from '@colyseus/ws-transport'

/** One room, which everybody is in. Each message is answered to whoever sent it; without a state there is nothing to patch. */
export class Hall extends Room {
  /** @override */
  onCreate() {
    this.autoDispose = false
    this.setPatchRate(null)
    this.answer('echo', (payload) => payload)
  }

  /**
   * @param {string} type
   * @param {(payload: unknown) => unknown} handle
   */
  answer(type, handle) {
    this.onMessage(type, async (client, { id, payload }) => client.send(type, { id, payload: await handle(payload) }))
  }
}

/** @param {new () => Hall} room */
export const start = async (room = Hall) => {
  const http = createServer()
  const server = new Server({ transport: new WebSocketTransport({ server: http }), greet: false })
  server.define('hall', room)
  await matchMaker.accept()
  return http
}
