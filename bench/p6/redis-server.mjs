import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const startTimeoutMs = 10_000
const askAgainMs = 20

/** Whether there is a redis-server on this machine. */
export const hasRedis = () => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/**
 * A redis-server of its own, which appends to a file and rewrites it as redis does by default.
 * @param {{ directory: string, port: number, fsync: 'everysec' | 'always' }} options
 * @returns {Promise<{ pid: number, kill: () => Promise<void> }>}
 */
export const startRedis = async ({ directory, port, fsync }) => {
  const options = { port: String(port), bind: '127.0.0.1', dir: directory, save: '', appendonly: 'yes', appendfsync: fsync }
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
  const child = spawn('redis-server', args, { stdio: 'ignore' })
  const kill = async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  for (const until = Date.now() + startTimeoutMs; Date.now() < until && child.exitCode === null; await pause(askAgainMs)) {
    if (await answers(port)) return { pid: child.pid ?? 0, kill }
  }
  await kill()
  throw new Error('redis-server did not start.')
}

/**
 * Whether it has read what it kept: until then it answers LOADING.
 * @param {number} port
 * @returns {Promise<boolean>}
 */
const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('connect', () => socket.write('PING\r\n'))
    socket.on('data', (data) => {
      resolve(data.toString().startsWith('+PONG'))
      socket.destroy()
    })
    socket.on('error', () => resolve(false))
    socket.on('close', () => resolve(false))
  })
