import { WebSocket } from 'ws'
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
    const prefix = namespace === '/' ? '' : `${namespace},`
    /** @type {Map<number, (answer: any) => void>} */
    const waiting = new Map()
    let last = 0
    const ask = (/** @type {string} */ event, /** @type {unknown} */ message) =>
      new Promise((answered) => {
        waiting.set(++last, answered)
        socket.send(`42${prefix}${last}${JSON.stringify([event, message])}`)
      })
    const close = () => socket.terminate()
    const connected = () => resolve({ call: (payload) => ask('echo', payload), close })
    const welcomed = (/** @type {{ mainProcess: number }} */ { mainProcess }) =>
      resolve({ call: async (payload) => answerOf(/** @type {any} */ (await ask('call', requestOf(mainProcess, payload)))), close })
    socket.on('message', (data) => {
      const text = data.toString()
      if (text === '2') return socket.send('3')
      if (text[0] === '0') return socket.send(`40${prefix}${auth === undefined ? '' : JSON.stringify(auth)}`)
      const body = text.slice(2 + prefix.length)
      switch (text[1]) {
        case '0':
          return auth === undefined ? connected() : undefined
        case '2':
          return welcomed(JSON.parse(body)[1])
        case '3': {
          const from = body.indexOf('[')
          const number = Number(body.slice(0, from))
          waiting.get(number)?.(JSON.parse(body.slice(from))[0])
          waiting.delete(number)
          return
        }
        default:
          return reject(new Error(`No connection: ${text}`))
      }
    })
    socket.once('error', reject)
  })
