import { connectColyseus } from '../../lib/colyseus-client.mjs'

/**
 * @param {import('../peers.mjs').Target} target
 * @returns {Promise<import('../load.mjs').Connection>}
 */
export const connect = async ({ port }) => {
  const { ask, close } = await connectColyseus({ port, onLost: () => undefined })
  return { call: (payload) => ask('echo', payload), close }
}
