import { lstat, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { longestRoles, parseRoles, type Roles, tooLong } from '@tessera/core'
import { TesseraError } from '@tessera/protocol'
import { rolesFile } from './layout.ts'

/** A character takes three bytes of UTF-8 at most: what is longer need not be read to be refused. */
const mostBytes = 3 * longestRoles

/**
 * Reads roles.json and nothing else of a project folder; null where there is none.
 * @throws TesseraError `PROJECT_NOT_FOUND`; `ROLES_INVALID` with problems, for one that cannot be read, too.
 */
export const readRoles = async (directory: string): Promise<Roles | null> => {
  const content = await readContent(directory, join(directory, rolesFile))
  return content === null ? null : parseRoles(decode(content), rolesFile).roles
}

const readContent = async (directory: string, path: string): Promise<Uint8Array | null> => {
  try {
    const found = await lstat(path)
    if (!found.isFile()) throw broken('it is no file: links are not followed')
    if (found.size > mostBytes) throw tooLong(rolesFile, found.size)
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof TesseraError) throw cause
    if (!isMissing(cause)) throw broken('it cannot be read', cause)
    const folder = await stat(directory).catch(() => null)
    if (folder?.isDirectory() === true) return null
    throw new TesseraError('PROJECT_NOT_FOUND', `There is no project that can be read at ${directory}.`, { cause })
  }
}

const decode = (content: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch (cause) {
    throw broken('it is not UTF-8 text', cause)
  }
}

const isMissing = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')

const broken = (message: string, cause?: unknown): TesseraError =>
  new TesseraError('ROLES_INVALID', `${rolesFile} is broken: ${message}`, {
    cause,
    problems: [{ file: rolesFile, line: 1, column: 1, severity: 'error', code: 'roles-invalid', message }],
  })
