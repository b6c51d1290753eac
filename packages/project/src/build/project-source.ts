import type { ProjectSource } from '@tessera/core'
import { type Problem, TesseraError } from '@tessera/protocol'
import type { PackageStoreOnDisk } from '../package/package-store.ts'
import type { OnProgress } from './builder.ts'
import { type BuildThread, createBuildThread } from './thread-client.ts'

export interface ProjectSourceOnDisk extends ProjectSource {
  /** Ends the thread. */
  close(): Promise<void>
}

type Source = Awaited<ReturnType<ProjectSource['build']>>

interface LastBuild {
  state: string
  digest: Source['package']['digest']
  warnings: readonly Problem[]
}

/** Builds a project folder for a server. Checking and compiling run in a thread of their own. */
export const createProjectSource = (directory: string, store: PackageStoreOnDisk, options: { onProgress?: OnProgress } = {}): ProjectSourceOnDisk => {
  const thread = createBuildThread(directory, options.onProgress ?? (() => undefined))
  let last: LastBuild | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const build = async (): Promise<Source> => {
    const kept = last === undefined ? null : await openIfKept(store, last)
    const answer = await needAnswer(thread, kept === null ? null : (last?.state ?? null))
    if (answer === null && kept !== null) return kept
    if (answer === null) throw new TesseraError('INTERNAL', 'The project was built, and its package is gone.')
    const stored = await store.put(answer.pack)
    last = { state: answer.state, digest: stored.digest, warnings: answer.warnings }
    return { package: stored, warnings: answer.warnings }
  }
  return {
    build: () => {
      const built = turn.then(build, build)
      turn = built.catch(() => undefined)
      return built
    },
    close: () => thread.close(),
  }
}

/** Null where nothing changed. */
const needAnswer = async (thread: BuildThread, knownState: string | null) => {
  const answer = await thread.build(knownState)
  return answer.type === 'unchanged' ? null : answer
}

/** The package of the last build, unless the store does not have it, whole, any more. */
const openIfKept = async (store: PackageStoreOnDisk, { digest, warnings }: LastBuild): Promise<Source | null> => {
  try {
    return { package: await store.open(digest), warnings }
  } catch (cause) {
    if (cause instanceof TesseraError) return null
    throw cause
  }
}
