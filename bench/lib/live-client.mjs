import { protocolVersion } from '@tessera/protocol'
import { packetTypes } from '@tessera/protocol/wire'
import { packetFormats } from './socket-packets.mjs'
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
  #format
  #nsp
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
    this.#format = packetFormats[options.kind]
    this.#nsp = options.kind === 'tessera' ? '/remote' : '/'
    const { port, index, onLost } = options
    this.#socket = new ThinWebSocket(
      { port, path, ...sourceAddressOf(index) },
      {
        onOpen: () => undefined,
        onMessage: (message) => this.#hear(message),
        onEnd: (why) => (this.#open ? onLost() : entering.reject(new Error(why))),
      },
    )
  }

  /** @param {string | Buffer} message */
  #hear(message) {
    if (message === '2') this.#socket.send('3')
    else if (message[0] === '0') this.#say({ type: packetTypes.connect, data: this.#auth() })
    else this.#take(this.#format.read(message))
  }

  /** @param {Omit<import('@tessera/protocol/wire').Packet, 'nsp'>} packet */
  #say(packet) {
    this.#socket.send(this.#format.write({ ...packet, nsp: this.#nsp }))
  }

  #auth() {
    const { kind, index, resume } = this.#options
    return kind === 'tessera' ? { ...introduction, machineName: `bench-${index}`, ...(resume ? { resume } : {}) } : undefined
  }

  /** @param {import('@tessera/protocol/wire').Packet | null} packet */
  #take(packet) {
    const { type, id, data } = /** @type {{ type?: number, id?: number, data?: any }} */ (packet ?? {})
    if (type === packetTypes.connect && this.#options.kind !== 'tessera') this.#enter(null)
    else if (type === packetTypes.event && !this.#open && data[0] === 'welcome') this.#enter(data[1])
    else if (type === packetTypes.ack && id !== undefined) this.#answer(id, data[0])
    else if (type === packetTypes.connectError) {
      this.#entering.reject(new Refused(data.data?.code ?? JSON.stringify(data)))
      this.#socket.close()
    }
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
      this.#say({ type: packetTypes.event, id: this.#last, data: [event, message] })
    })
  }

  /**
   * @param {number} id
   * @param {unknown} answer
   */
  #answer(id, answer) {
    this.#waiting.get(id)?.(answer)
    this.#waiting.delete(id)
  }
}
