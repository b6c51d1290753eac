import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TesseraError } from '@tessera/protocol'

/** What the CLI on the same machine needs to find the server and to be let in. */
export interface ServerFile {
  url: string
  pid: number
  token: string
  startedAt: string
}

const fileName = 'server.json'

/** Makes the folder. @throws TesseraError `DATA_DIR_UNWRITABLE`. */
export const prepareDataDirectory = (directory: string): void => {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const probe = join(directory, `.writable-${process.pid}`)
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (cause) {
    throw new TesseraError(
      'DATA_DIR_UNWRITABLE',
      `The data directory ${directory} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

/** Readable by this user alone: it holds the owner's token. */
export const writeServerFile = (directory: string, file: ServerFile): void => {
  const draft = join(directory, `${fileName}.${process.pid}`)
  writeFileSync(draft, JSON.stringify(file), { mode: 0o600 })
  renameSync(draft, join(directory, fileName))
}

export const removeServerFile = (directory: string): void => rmSync(join(directory, fileName), { force: true })

/** Null where no server has run in this folder, or it stopped cleanly. */
export const readServerFile = (directory: string): ServerFile | null => {
  try {
    return JSON.parse(readFileSync(join(directory, fileName), 'utf8')) as ServerFile
  } catch {
    return null
  }
}
