import type { Remote, Version } from '@tessera/client'
import type { CachedClient } from '@tessera/project/package'
import { HalfProcess, type HalfProcessOptions } from './half-process.ts'
import { ServerCalls } from './server-calls.ts'

export interface HalfSource {
  remote: Remote
  userParam: string
  half: HalfProcessOptions
  openPackage(version: Version): Promise<CachedClient>
}

/** A client half that is loaded, with its line to the server. */
export interface LoadedHalf {
  version: Version
  process: HalfProcess
  calls: ServerCalls
}

/** Downloads a version's client half and loads it in a process of its own; nothing of it has started yet. */
export const loadVersion = async (source: HalfSource, version: Version): Promise<LoadedHalf> => {
  const { directory } = await source.openPackage(version)
  const calls = new ServerCalls(source.remote)
  const process = new HalfProcess(source.half, (half, id, ask) => calls.ask(half, id, ask))
  await process.load(directory, { sessionId: source.remote.sessionId, version: version.id, userParam: source.userParam })
  return { version, process, calls }
}
