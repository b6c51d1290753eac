import { startPeer } from '../lib/peer-server.mjs'
import { startTessera } from './tessera-server.mjs'

/**
 * Where and how the load connects. `namespace` and `auth` only where the protocol has them.
 * @typedef {{ port: number, namespace?: string, auth?: Record<string, unknown> }} Target
 */

/**
 * `output`: the last that it printed.
 * @typedef {{ pid: number, target: Target, output?: () => string, stop: () => Promise<void> }} RunningServer
 */

/**
 * @typedef {object} Peer
 * @property {string} title
 * @property {string} client the module in `clients/`
 * @property {() => Promise<RunningServer>} start
 */

/**
 * @param {string} server the module in `lib/servers/`
 * @param {Omit<Target, 'port'>} [more]
 * @returns {() => Promise<RunningServer>}
 */
const inItsOwnProcess = (server, more) => async () => {
  const { pid, port, stop } = await startPeer(server)
  return { pid, target: { port, ...more }, stop }
}

/** Ratios are taken to this one. */
export const basePeer = 'socket.io'

/** @type {Readonly<Record<string, Peer>>} */
export const peers = {
  tessera: { title: 'Tessera, as shipped', client: 'socket.io', start: startTessera },
  'socket.io': { title: 'socket.io, handler in-process', client: 'socket.io', start: inItsOwnProcess('socket.io', { namespace: '/' }) },
  ws: { title: 'bare ws', client: 'ws', start: inItsOwnProcess('ws') },
  colyseus: { title: 'Colyseus, a room that echoes', client: 'colyseus', start: inItsOwnProcess('colyseus') },
  fastify: { title: 'fastify, HTTP keep-alive', client: 'http', start: inItsOwnProcess('fastify') },
  trpc: { title: 'tRPC over ws', client: 'trpc', start: inItsOwnProcess('trpc') },
}
