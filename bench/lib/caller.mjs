import { setTimeout as pause } from 'node:timers/promises'
import { connectColyseus } from './colyseus-client.mjs'
import { connectHttp } from './http-client.mjs'
import { connectLive } from './live-client.mjs'

/** @typedef {'tessera' | 'socket.io' | 'colyseus' | 'fastify'} Kind */

/**
 * A client that calls methods by name. `call` rejects with `CallFailed` where it is answered with an error, and stays open where it is
 * never answered.
 * @typedef {{ sessionId: string | null, call: (method: string, payload: unknown) => Promise<any>, close: () => void }} Caller
 */

/** @typedef {{ kind: Kind, port: number, index: number, onLost: () => void }} CallerOptions */

/** The call was answered with an error. */
export class CallFailed extends Error {
  /** @param {string} code */
  constructor(code) {
    super(`The call failed: ${code}`)
    this.code = code
  }
}

/** What surely did not begin is asked again as often, and as soon, as Tessera's SDK does. */
const mostRepeats = 3
const firstWaitMs = 50

/**
 * @param {CallerOptions} options
 * @returns {Promise<Caller>}
 */
export const connectCaller = async (options) => {
  const connection = await connect(options)
  const { welcome, ask, close } = connection
  return { sessionId: welcome?.sessionId ?? null, call: welcome === null ? ask : callerOfTessera(connection, welcome.mainProcess), close }
}

/** @param {CallerOptions} options */
const connect = ({ kind, ...options }) => {
  if (kind === 'colyseus') return connectColyseus(options)
  return kind === 'fastify' ? connectHttp(options) : connectLive({ kind, ...options })
}

/**
 * @param {import('./live-client.mjs').LiveConnection} connection
 * @param {number} process
 * @returns {Caller['call']}
 */
const callerOfTessera =
  ({ ask }, process) =>
  async (method, payload) => {
    for (let attempt = 0; ; attempt++) {
      const reply = await ask('call', { process, method, args: JSON.stringify([payload]) })
      if (reply.ok) return JSON.parse(reply.value)
      if (reply.error.code !== 'CALL_NOT_STARTED' || attempt >= mostRepeats) throw new CallFailed(reply.error.code)
      await pause(firstWaitMs * 2 ** attempt)
    }
  }
