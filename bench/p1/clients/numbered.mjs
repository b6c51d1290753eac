import { WebSocket } from 'ws'

/**
 * A connection over ws whose messages carry a number by which answers find their calls.
 * @param {import('../peers.mjs').Target} target
 * @param {{ write: (id: number, payload: unknown) => string, read: (message: any) => { id: number, answer: unknown } }} format
 * @returns {Promise<import('../load.mjs').Connection>}
 */
export const connectByNumber = ({ port }, { write, read }) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
    /** @type {Map<number, (answer: unknown) => void>} */
    const waiting = new Map()
    let last = 0
    socket.on('message', (data) => {
      const { id, answer } = read(JSON.parse(data.toString()))
      waiting.get(id)?.(answer)
      waiting.delete(id)
    })
    socket.once('error', reject)
    socket.once('open', () =>
      resolve({
        call: (payload) =>
          new Promise((answered) => {
            waiting.set(++last, answered)
            socket.send(write(last, payload))
          }),
        close: () => socket.terminate(),
      }),
    )
  })
