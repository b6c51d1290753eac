import { wireParser } from '@tessera/protocol/wire'
import { io } from 'socket.io-client'
import { answerOf, requestOf } from './tessera-call.mjs'

/**
 * One connection to socket.io, or to Tessera over it: the same client for both, with the parser of each.
 * @param {import('../peers.mjs').Target} target
 * @returns {Promise<import('../load.mjs').Connection>}
 */
export const connect = ({ port, namespace = '/', auth }) =>
  new Promise((resolve, reject) => {
    const socket = io(`http://127.0.0.1:${port}${namespace}`, {
      path: '/live',
      addTrailingSlash: false,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: 30_000,
      ...(auth === undefined ? {} : { auth, parser: wireParser }),
    })
    const close = () => void socket.disconnect()
    const fail = (/** @type {Error & { data?: unknown }} */ error) => {
      close()
      reject(new Error(`No connection: ${error.message} ${JSON.stringify(error.data ?? null)}`))
    }
    socket.once('connect_error', fail)
    if (auth === undefined) {
      socket.once('connect', () => resolve({ call: (payload) => socket.emitWithAck('echo', payload), close }))
    } else {
      socket.once('welcome', ({ mainProcess }) => {
        resolve({ call: async (payload) => answerOf(await socket.emitWithAck('call', requestOf(mainProcess, payload))), close })
      })
    }
  })
