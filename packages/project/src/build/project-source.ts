import type { ProjectSource } from '@tessera/core'
import { TesseraError } from '@tessera/protocol'
import { readFolder } from '../folder/read-folder.ts'
import { readRoles } from '../folder/read-roles.ts'
import type { PackageStoreOnDisk } from '../package/package-store.ts'
import type { OnProgress } from './builder.ts'
import { installationState } from './installation-state.ts'
import { type LastBuild, readLastBuild, writeLastBuild } from './last-build.ts'
import { createBuildThread } from './thread-client.ts'

export interface ProjectSourceOnDisk extends ProjectSource {
  /** Ends the thread. */
  close(): Promise<void>
}

type Source = Awaited<ReturnType<ProjectSource['build']>>

/** Builds a project folder for a server. Checking and compiling run in a thread of their own. */
export const createProjectSource = (directory: string, store: PackageStoreOnDisk, options: { onProgress?: OnProgress } = {}): ProjectSourceOnDisk => {
  const thread = createBuildThread(directory, options.onProgress ?? (() => undefined))
  const installation = installationState()
  let last: LastBuild | null | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const build = async (): Promise<Source> => {
    last ??= await readLastBuild(store.lastBuildFile, directory)
    const kept = last === null || last.installation !== installation ? null : await openIfSame(directory, store, last)
    if (kept !== null) return kept
    const answer = await thread.build()
    const stored = await store.put(answer.pack)
    last = { state: answer.state, installation, digest: stored.digest, warnings: answer.warnings }
    await writeLastBuild(store.lastBuildFile, directory, last)
    return { package: stored, warnings: answer.warnings }
  }
  return {
    build: () => {
      const built = turn.then(build, build)
      turn = built.catch(() => undefined)
      return built
    },
    roles: () => readRoles(directory),
    close: () => thread.close(),
  }
}

/** The package of the last build, unless the folder changed or the store does not have the package, whole, any more. */
const openIfSame = async (directory: string, store: PackageStoreOnDisk, { state, digest, warnings }: LastBuild): Promise<Source | null> => {
  if ((await readFolder(directory)).state !== state) return null
  try {
    return { package: await store.open(digest), warnings }
  } catch (cause) {
    if (cause instanceof TesseraError) return null
    throw cause
  }
}
