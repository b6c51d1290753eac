import { startRole } from './role.mjs'

const startTimeoutMs = 20_000

/**
 * One of `servers/` in a process of its own.
 * @param {string} server
 * @param {{ port?: number, nodeOptions?: string[] }} [options]
 * @returns {Promise<{ pid: number, port: number, stop: () => Promise<void> }>} `stop` is SIGKILL
 */
export const startPeer = async (server, { port = 0, nodeOptions = [] } = {}) => {
  const role = startRole(new URL('./serve-peer.mjs', import.meta.url), nodeOptions)
  try {
    const started = await role.ask('start', { server, port }, startTimeoutMs)
    return { pid: role.pid, port: started.port, stop: role.stop }
  } catch (error) {
    await role.stop()
    throw error
  }
}
