import { cpuMsOfTree } from '../lib/process-tree.mjs'
import { startRole } from '../lib/role.mjs'
import { startRedis } from './redis-server.mjs'

const openTimeoutMs = 120_000

/** @typedef {{ role: import('../lib/role.mjs').Role, redis: { pid: number, kill: () => Promise<void> } | null }} Running */

/** One store in a process of its own, with its redis-server where it has one; it can be killed and started again on what it kept. */
export class StoreServer {
  #store
  #options
  /** @type {Running | null} */
  #running = null

  /**
   * @param {import('./stores.mjs').Peer} store
   * @param {import('./stores.mjs').StoreOptions} options
   */
  constructor(store, options) {
    this.#store = store
    this.#options = options
  }

  async start() {
    const { directory, port } = this.#options
    const { redis: fsync, module } = this.#store
    const redis = fsync === undefined ? null : await startRedis({ directory, port, fsync })
    this.#running = { role: startRole(new URL('./serve-store.mjs', import.meta.url)), redis }
    await this.ask('open', { module, options: this.#options }, openTimeoutMs)
  }

  /** SIGKILL. */
  async kill() {
    await this.#running?.role.stop()
    await this.#running?.redis?.kill()
    this.#running = null
  }

  /**
   * @param {string} command
   * @param {unknown} argument
   * @param {number} timeoutMs
   */
  ask(command, argument, timeoutMs) {
    return this.#need().role.ask(command, argument, timeoutMs)
  }

  /** CPU time of all that belongs to it, in milliseconds; null where it cannot be measured. */
  cpuMs() {
    const { role, redis } = this.#need()
    const own = cpuMsOfTree(role.pid)
    const ofRedis = redis === null ? 0 : cpuMsOfTree(redis.pid)
    return own === null || ofRedis === null ? null : own + ofRedis
  }

  #need() {
    if (this.#running === null) throw new Error(`${this.#store.title} does not run.`)
    return this.#running
  }
}
