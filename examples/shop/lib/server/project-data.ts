import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A path in the folder that the server gives to this project; run alone, the project has one among the temporary files. */
export const inProjectData = (...path: string[]): string => join(process.env.TESSERA_PROJECT_DATA ?? join(tmpdir(), 'tessera-shop'), ...path)

/** The file is there whole or not at all, whoever reads it meanwhile and whenever the machine stops. */
export const writeAtomically = async (file: string, text: string): Promise<void> => {
  const beside = `${file}.${randomUUID()}.tmp`
  await mkdir(dirname(file), { recursive: true })
  await writeFile(beside, text, { flush: true })
  await rename(beside, file)
}

/** The file's text, or null where there is none. */
export const readIfThere = async (file: string): Promise<string | null> => {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
