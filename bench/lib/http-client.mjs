import { Agent, request } from 'node:http'

/**
 * One keep-alive connection, through Node's own client; it counts as lost once, however often the agent opens another. What fails is
 * answered never, as on a socket.
 * @param {{ port: number, onLost: () => void }} options
 * @returns {Promise<import('./live-client.mjs').LiveConnection>}
 */
export const connectHttp = async ({ port, onLost }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const lose = once(onLost)
  /** @type {WeakSet<object>} */
  const seen = new WeakSet()
  let closed = false
  const ask = (/** @type {string} */ event, /** @type {unknown} */ payload) =>
    new Promise((answered) => {
      const sent = request({ agent, port, host: '127.0.0.1', method: 'POST', path: `/${event}`, headers: { 'content-type': 'application/json' } })
      sent.on('socket', (socket) => {
        if (seen.has(socket)) return
        seen.add(socket)
        socket.setNoDelay(true)
        socket.once('close', () => (closed ? undefined : lose()))
      })
      sent.on('response', (response) => readBody(response).then((text) => answered(response.statusCode === 200 ? JSON.parse(text) : text)))
      sent.on('error', () => undefined)
      sent.end(JSON.stringify(payload))
    })
  const close = () => {
    closed = true
    agent.destroy()
  }
  return { welcome: null, ask, close }
}

/** @param {() => void} act */
const once = (act) => {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}

/** @param {import('node:http').IncomingMessage} response */
const readBody = (response) =>
  new Promise((resolve) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (piece) => {
      text += piece
    })
    response.on('end', () => resolve(text))
    response.on('error', () => undefined)
  })
