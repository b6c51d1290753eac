import { protocolVersion } from '@tessera/protocol'
import { sourceAddressOf } from './source-address.mjs'
import { ThinWebSocket } from './thin-websocket.mjs'

const path = '/live?EIO=4&transport=websocket'
const introduction = { protocol: protocolVersion, client: 'tessera bench' }

/** The server answered, and let nobody in. */
export class Refused extends Error {
  /** @param {string} code */
  constructor(code) {
    super(`Refused: ${code}`)
    this.code = code
  }
}

/**
 * @typedef {object} LiveConnection
 * @property {import('@tessera/protocol').Welcome | null} welcome null where the server is a bare one
 * @property {(event: string, message: unknown) => Promise<any>} ask
 * @property {() => void} close
 */

/**
 * @typedef {object} LiveOptions
 * @property {number} port
 * @property {number} index the client's number
 * @property {'tessera' | 'socket.io'} kind
 * @property {string | null} [resume] a resume token
 * @property {() => void} onLost
 */

/**
 * One connection to socket.io, or to Tessera over it, its frames written by hand. A new resume token is confirmed, as the SDK does.
 * @param {LiveOptions} options
 * @returns {Promise<LiveConnection>} rejects with `Refused` where the server says no
 */
export const connectLive = ({ port, index, kind, resume = null, onLost }) =>
  new Promise((resolve, reject) => {
    const tessera = kind === 'tessera'
    const prefix = tessera ? '/remote,' : ''
    const auth = tessera ? JSON.stringify({ ...introduction, machineName: `bench-${index}`, ...(resume === null ? {} : { resume }) }) : ''
    /** @type {Map<number, (answer: unknown) => void>} */
    const waiting = new Map()
    let last = 0
    let open = false
    const ask = (/** @type {string} */ event, /** @type {unknown} */ message) =>
      new Promise((answered) => {
        waiting.set(++last, answered)
        socket.send(`42${prefix}${last}${JSON.stringify([event, message])}`)
      })
    const enter = (/** @type {import('@tessera/protocol').Welcome | null} */ welcome) => {
      open = true
      if (welcome !== null) void ask('confirm', { token: welcome.resumeToken })
      resolve({ welcome, ask, close: () => socket.close() })
    }
    const answer = (/** @type {string} */ body) => {
      const from = body.indexOf('[')
      const number = Number(body.slice(0, from))
      waiting.get(number)?.(JSON.parse(body.slice(from))[0])
      waiting.delete(number)
    }
    const hear = (/** @type {string} */ text) => {
      if (text === '2') return socket.send('3')
      if (text[0] === '0') return socket.send(`40${prefix}${auth}`)
      const body = text.slice(2 + prefix.length)
      if (text[1] === '0' && !tessera) return enter(null)
      if (text[1] === '2' && !open) return enter(JSON.parse(body)[1])
      if (text[1] === '3') return answer(body)
      if (text[1] !== '4') return
      reject(new Refused(JSON.parse(body).data?.code ?? body))
      socket.close()
    }
    const end = (/** @type {string} */ why) => (open ? onLost() : reject(new Error(why)))
    const socket = new ThinWebSocket({ port, path, ...sourceAddressOf(index) }, { onOpen: () => undefined, onText: hear, onEnd: end })
  })
