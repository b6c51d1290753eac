import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * A process with one task, driven over its IPC channel.
 * @typedef {object} Role
 * @property {number} pid
 * @property {(command: string, argument: unknown, timeoutMs: number) => Promise<any>} ask
 * @property {() => Promise<void>} stop
 */

/**
 * @param {URL} module one that calls `playRole`
 * @param {string[]} [nodeOptions]
 * @returns {Role}
 */
export const startRole = (module, nodeOptions = []) => {
  const child = fork(fileURLToPath(module), [], {
    execArgv: nodeOptions,
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.on('data', (piece) => {
    said = `${said}${piece}`.slice(-2000)
  })
  /** @type {Map<number, { resolve: (answer: unknown) => void, reject: (error: Error) => void, timer: NodeJS.Timeout }>} */
  const waiting = new Map()
  const gone = new Promise((resolve) => child.once('exit', resolve))
  let last = 0
  child.on('message', (/** @type {{ number: number, answer?: unknown, error?: string }} */ { number, answer, error }) => {
    const asked = waiting.get(number)
    waiting.delete(number)
    clearTimeout(asked?.timer)
    if (error === undefined) asked?.resolve(answer)
    else asked?.reject(new Error(error))
  })
  child.on('exit', (code, signal) => {
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer)
      reject(new Error(`${module.pathname} ended (${code ?? signal}): ${said}`))
    }
    waiting.clear()
  })
  return {
    pid: child.pid ?? 0,
    ask: (command, argument, timeoutMs) =>
      new Promise((resolve, reject) => {
        const number = ++last
        const timer = setTimeout(() => {
          waiting.delete(number)
          reject(new Error(`${command} of ${module.pathname} took more than ${timeoutMs} ms`))
        }, timeoutMs)
        waiting.set(number, { resolve, reject, timer })
        child.send({ number, command, argument }, (error) => {
          if (error === null) return
          clearTimeout(timer)
          waiting.delete(number)
          reject(new Error(`${command} of ${module.pathname} was not heard, for it has ended: ${said}`, { cause: error }))
        })
      }),
    stop: async () => {
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await gone
    },
  }
}

/**
 * Makes this process a role: its commands by name.
 * @param {Record<string, (argument: any) => unknown>} commands
 */
export const playRole = (commands) => {
  process.on('message', async (/** @type {{ number: number, command: string, argument: unknown }} */ { number, command, argument }) => {
    try {
      process.send?.({ number, answer: (await commands[command]?.(argument)) ?? null })
    } catch (error) {
      process.send?.({ number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.on('disconnect', () => process.exit(0))
}
