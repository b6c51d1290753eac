import { sourceAddressOf } from './source-address.mjs'
import { ThinWebSocket } from './thin-websocket.mjs'

/**
 * One bare WebSocket.
 * @param {{ port: number, index: number, onLost: () => void }} options
 * @returns {Promise<import('./live-client.mjs').LiveConnection>}
 */
export const connectBare = ({ port, index, onLost }) =>
  new Promise((resolve, reject) => {
    let open = false
    /** @type {((payload: unknown) => void)[]} */
    const waiting = []
    const ask = (/** @type {string} */ _event, /** @type {unknown} */ payload) =>
      new Promise((answered) => {
        waiting.push(answered)
        socket.send(JSON.stringify({ id: waiting.length, payload }))
      })
    const socket = new ThinWebSocket(
      { port, path: '/', ...sourceAddressOf(index) },
      {
        onOpen: () => {
          open = true
          resolve({ welcome: null, ask, close: () => socket.close() })
        },
        onMessage: (message) => waiting.shift()?.(JSON.parse(message.toString()).payload),
        onEnd: (why) => (open ? onLost() : reject(new Error(why))),
      },
    )
  })
