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
export const connectLive = (options) => new Promise((resolve, reject) => void new LiveClient(options, { resolve, reject }))

class LiveClient {
  #options
  #entering
  #prefix
  #socket
  #open = false
  #last = 0
  /** @type {Map<number, (answer: unknown) => void>} */
  #waiting = new Map()

  /**
   * @param {LiveOptions} options
   * @param {{ resolve: (connection: LiveConnection) => void, reject: (error: Error) => void }} entering
   */
  constructor(options, entering) {
    this.#options = options
    this.#entering = entering
    this.#prefix = options.kind === 'tessera' ? '/remote,' : ''
    const { port, index, onLost } = options
    this.#socket = new ThinWebSocket(
      { port, path, ...sourceAddressOf(index) },
      {
        onOpen: () => undefined,
        onText: (text) => this.#hear(text),
        onEnd: (why) => (this.#open ? onLost() : entering.reject(new Error(why))),
      },
    )
  }

  /** @param {string} text */
  #hear(text) {
    if (text === '2') this.#socket.send('3')
    else if (text[0] === '0') this.#socket.send(`40${this.#prefix}${this.#auth()}`)
    else if (text[0] === '4') this.#take(text[1], text.slice(2 + this.#prefix.length))
  }

  #auth() {
    const { kind, index, resume } = this.#options
    return kind === 'tessera' ? JSON.stringify({ ...introduction, machineName: `bench-${index}`, ...(resume ? { resume } : {}) }) : ''
  }

  /**
   * One packet of socket.io.
   * @param {string | undefined} type
   * @param {string} body
   */
  #take(type, body) {
    const tessera = this.#options.kind === 'tessera'
    if (type === '0' && !tessera) this.#enter(null)
    else if (type === '2' && !this.#open) this.#hearEvent(body)
    else if (type === '3') this.#answer(body)
    else if (type === '4') {
      this.#entering.reject(new Refused(JSON.parse(body).data?.code ?? body))
      this.#socket.close()
    }
  }

  /** @param {string} body */
  #hearEvent(body) {
    const [name, message] = JSON.parse(body.slice(body.indexOf('[')))
    if (name === 'welcome') this.#enter(message)
  }

  /** @param {import('@tessera/protocol').Welcome | null} welcome */
  #enter(welcome) {
    this.#open = true
    const ask = (/** @type {string} */ event, /** @type {unknown} */ message) => this.#ask(event, message)
    if (welcome !== null) void ask('confirm', { token: welcome.resumeToken })
    this.#entering.resolve({ welcome, ask, close: () => this.#socket.close() })
  }

  /**
   * @param {string} event
   * @param {unknown} message
   * @returns {Promise<any>}
   */
  #ask(event, message) {
    return new Promise((answered) => {
      this.#waiting.set(++this.#last, answered)
      this.#socket.send(`42${this.#prefix}${this.#last}${JSON.stringify([event, message])}`)
    })
  }

  /** @param {string} body */
  #answer(body) {
    const from = body.indexOf('[')
    const number = Number(body.slice(0, from))
    this.#waiting.get(number)?.(JSON.parse(body.slice(from))[0])
    this.#waiting.delete(number)
  }
}
