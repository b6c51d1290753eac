import { freePort } from './free-port.mjs'
import { startPeer } from './peer-server.mjs'

/**
 * A server that can be killed and started again where it was, and that a crowd connects to.
 * @typedef {object} Stand
 * @property {import('./crowd.mjs').Kind} kind
 * @property {() => number} pid of the server that runs
 * @property {number} port
 * @property {() => Promise<void>} start resolves when clients are let in
 * @property {() => Promise<void>} kill SIGKILL
 */

/**
 * Tessera as shipped, on a project that exists.
 * @param {import('./tessera-project.mjs').TesseraProject} project
 * @param {{ dataDirectory: string, nodeOptions?: string[] }} options
 * @returns {Promise<Stand>}
 */
export const standTessera = async (project, { dataDirectory, nodeOptions = [] }) => {
  const port = await freePort()
  const args = ['--port', String(port), '--data-dir', dataDirectory, '--grace-seconds', '86400']
  /** @type {import('./tessera-project.mjs').LaunchedTessera | null} */
  let server = null
  const kill = async () => server?.kill()
  return {
    kind: 'tessera',
    pid: () => server?.pid ?? 0,
    port,
    start: async () => {
      server = project.launch({ args, nodeOptions })
      await server.served
    },
    kill,
  }
}

/**
 * A bare server, of socket.io or of ws.
 * @param {'socket.io' | 'ws'} kind
 * @param {{ nodeOptions?: string[] }} [options]
 * @returns {Promise<Stand>}
 */
export const standPeer = async (kind, { nodeOptions = [] } = {}) => {
  const port = await freePort()
  /** @type {{ pid: number, stop: () => Promise<void> } | null} */
  let server = null
  const kill = async () => server?.stop()
  return {
    kind,
    pid: () => server?.pid ?? 0,
    port,
    start: async () => {
      server = await startPeer(kind, { port, nodeOptions })
    },
    kill,
  }
}
