import { readFile } from 'node:fs/promises'
import { asDigest, type Digest } from '@tessera/core'
import { type Problem, sha256Text } from '@tessera/protocol'
import { z } from 'zod'
import { writeAtomically } from '../package/write-atomically.ts'

/** What the last build that went well was made from and what it gave. */
export interface LastBuild {
  /** Of the folder: its names, sizes and times. */
  state: string
  /** Of the compilers and the kit that made it. */
  installation: string
  digest: Digest
  warnings: readonly Problem[]
}

const problem = z.object({
  file: z.string(),
  line: z.number(),
  column: z.number(),
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
})
const record = z.object({ directory: z.string(), state: z.string(), installation: z.string(), digest: sha256Text, warnings: z.array(problem) })

/**
 * Remembers a project's last build over restarts: a server whose project did not change need not check it again. What
 * cannot be read was never there.
 */
export const readLastBuild = async (file: string, directory: string): Promise<LastBuild | null> => {
  try {
    const kept = record.parse(JSON.parse(await readFile(file, 'utf8')))
    return kept.directory === directory ? { ...kept, digest: asDigest(kept.digest) } : null
  } catch {
    return null
  }
}

export const writeLastBuild = (file: string, directory: string, last: LastBuild): Promise<void> =>
  writeAtomically(file, new TextEncoder().encode(JSON.stringify({ directory, ...last })))
