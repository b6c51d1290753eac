import { packetTypes } from '@tessera/protocol/wire'
import { WebSocket } from 'ws'
import { packetFormats } from '../../lib/socket-packets.mjs'
import { answerOf, requestOf } from './tessera-call.mjs'

/**
 * One connection to socket.io, or to Tessera over it, with the frames of both written and read by hand: it takes far less
 * of the machine than socket.io-client, so the server is what is waited for.
 * @param {import('../peers.mjs').Target} target
 * @returns {Promise<import('../load.mjs').Connection>}
 */
export const connect = ({ port, namespace = '/', auth }) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/live?EIO=4&transport=websocket`, { perMessageDeflate: false })
    const format = packetFormats[auth === undefined ? 'socket.io' : 'tessera']
    /** @type {Map<number, (answer: any) => void>} */
    const waiting = new Map()
    let last = 0
    const ask = (/** @type {string} */ event, /** @type {unknown} */ message) =>
      new Promise((answered) => {
        waiting.set(++last, answered)
        socket.send(format.write({ type: packetTypes.event, nsp: namespace, id: last, data: [event, message] }))
      })
    const close = () => socket.terminate()
    const connected = () => resolve({ call: (payload) => ask('echo', payload), close })
    const welcomed = (/** @type {{ mainProcess: number }} */ { mainProcess }) =>
      resolve({ call: async (payload) => answerOf(/** @type {any} */ (await ask('call', requestOf(mainProcess, payload)))), close })
    const take = (/** @type {import('@tessera/protocol/wire').Packet | null} */ packet) => {
      const { type, id = 0, data } = /** @type {{ type?: number, id?: number, data?: any }} */ (packet ?? {})
      if (type === packetTypes.connect && auth === undefined) connected()
      else if (type === packetTypes.event) welcomed(data[1])
      else if (type === packetTypes.ack) {
        waiting.get(id)?.(data[0])
        waiting.delete(id)
      } else if (type === packetTypes.connectError) reject(new Error(`No connection: ${JSON.stringify(data)}`))
    }
    socket.on('message', (/** @type {Buffer} */ data, isBinary) => {
      const message = isBinary ? data : data.toString()
      if (message === '2') socket.send('3')
      else if (message[0] === '0') socket.send(format.write({ type: packetTypes.connect, nsp: namespace, data: auth }))
      else take(format.read(message))
    })
    socket.once('error', reject)
  })
