import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { protocolVersion } from '@tessera/protocol'
import { layOutProject } from '../lib/tessera-project.mjs'

const echo = `import { onServer } from '@tessera/kit'

export default onServer((payload: unknown) => payload)
`

/**
 * The shipped server on a new project with one method; Designer has a password, and the load signs in as a user of its own.
 * @returns {Promise<import('./peers.mjs').RunningServer>}
 */
export const startTessera = async () => {
  const { project, command, launch, remove } = await layOutProject({ echo })
  const server = launch({ args: ['--port', '0'] })
  const stop = () => server.stop().then(remove)
  try {
    const port = await server.served
    const password = randomBytes(18).toString('base64url')
    const dataDirectory = ['--data-dir', join(project, '.tessera')]
    await command(['directory', 'add-user', 'load', '--password-stdin', ...dataDirectory], `${password}\n`)
    await command(['directory', 'set-password', 'Designer', ...dataDirectory], `${randomBytes(18).toString('base64url')}\n`)
    const auth = { protocol: protocolVersion, client: 'tessera bench', user: 'load', password }
    return { pid: server.pid, target: { port, namespace: '/remote', auth }, output: server.output, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
