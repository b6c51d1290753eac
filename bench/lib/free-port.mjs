import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ports that systems give to clients: a crowd that comes and goes must not take it. */
const first = 20_000
const count = 12_000
const mostTries = 100

/** A port that nobody uses now: for servers that must come back under the one they had. */
export const freePort = async () => {
  for (let tries = 0; tries < mostTries; tries++) {
    const port = first + Math.floor(Math.random() * count)
    if (await isFree(port)) return port
  }
  throw new Error('There is no free port.')
}

/** @param {number} port */
const isFree = async (port) => {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
