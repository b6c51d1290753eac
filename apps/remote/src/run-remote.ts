import { connect, packageSource } from '@tessera/client'
import { createClientCache } from '@tessera/project/package'
import type { HalfSource } from './active-half.ts'
import { cacheDirectory } from './cache-directory.ts'
import type { RemoteOptions } from './remote-options.ts'
import { RunningClient } from './running-client.ts'

/**
 * Connects, downloads the project's client half and runs it until it quits. SIGTSTP puts the session to sleep and stops the
 * program; SIGCONT wakes both.
 * @returns the exit code: 0 when it quit or was interrupted, 1 when its code failed, 3 when the server ended the session.
 * @throws ConnectionRefused and TesseraError where it could not even start.
 */
export const runRemote = async (options: RemoteOptions): Promise<number> => {
  const { onLine = () => undefined } = options
  const remote = await connect({ ...options, autoReload: false })
  const cache = createClientCache({
    directory: options.cacheDirectory ?? cacheDirectory(),
    ...packageSource({ address: options.address, ticket: () => remote.ticket }),
  })
  const source: HalfSource = {
    remote,
    userParam: options.userParam ?? '',
    half: { stdio: options.stdio ?? 'inherit' },
    openPackage: (version) => cache.open(version.digest, options.onProgress),
  }
  const client = new RunningClient(source, onLine)
  const letGo = heed({
    SIGINT: () => client.interrupt(),
    SIGTERM: () => client.interrupt(),
    SIGTSTP: () => void client.suspend(),
    SIGCONT: () => client.goOn(),
  })
  try {
    return await client.run()
  } finally {
    letGo()
    await remote.close()
  }
}

/** Answers what takes the handlers back. */
const heed = (handlers: Partial<Record<NodeJS.Signals, () => void>>): (() => void) => {
  const each = Object.entries(handlers)
  for (const [name, handler] of each) process.on(name, handler)
  return () => {
    for (const [name, handler] of each) process.off(name, handler)
  }
}
