import { createRequire } from 'node:module'
import { hostname, userInfo } from 'node:os'
import { protocolVersion, type RemoteHandshake } from '@tessera/protocol'
import type { ConnectOptions } from './connect-options.ts'

/** What this client says about itself and its user when it knocks. */
export const introduce = (options: ConnectOptions): RemoteHandshake => ({
  protocol: protocolVersion,
  client: options.client ?? `@tessera/client ${ownVersion()}`,
  ...(options.user === undefined ? {} : { user: options.user }),
  ...(options.password === undefined ? {} : { password: options.password }),
  ...(options.project === undefined ? {} : { project: options.project }),
  ...(options.resume === undefined ? {} : { resume: options.resume }),
  machineName: (options.machineName ?? hostname()).slice(0, 200),
  systemUserName: systemUserName(),
  hostType: hostTypes[process.platform] ?? process.platform,
  mayPostpone: options.mayPostpone ?? false,
})

const hostTypes: Partial<Record<NodeJS.Platform, string>> = { win32: 'windows', darwin: 'mac' }

/** A container may run under a user id that has no name. */
const systemUserName = (): string => {
  try {
    return userInfo().username.slice(0, 200)
  } catch {
    return ''
  }
}

const ownVersion = (): string => {
  const manifest: unknown = createRequire(import.meta.url)('../package.json')
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : ''
}
