import { TesseraError } from '@tessera/protocol/values'

/**
 * Reads what `setPrivileges` was given, in its three forms (4d.md SES-33): a text with one name or several separated by
 * commas, a list of texts, or an object of both kinds. `userName` counts in web sessions only (4d.md SES-35).
 * @throws TesseraError `BAD_REQUEST` for anything else.
 */
export const parsePrivilegesInput = (input: unknown): { names: readonly string[]; roles: readonly string[]; userName: string | null } => {
  if (typeof input === 'string' || Array.isArray(input)) return { names: parseNames(input), roles: [], userName: null }
  if (typeof input !== 'object' || input === null) throw badRequest()
  const { privileges, roles, userName }: { privileges?: unknown; roles?: unknown; userName?: unknown } = input
  if (userName !== undefined && typeof userName !== 'string') throw badRequest()
  return { names: parseNames(privileges), roles: parseNames(roles), userName: userName ?? null }
}

const parseNames = (value: unknown): readonly string[] => {
  if (value === undefined) return []
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  return texts.flatMap((text) => {
    if (typeof text !== 'string') throw badRequest()
    return text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
  })
}

const badRequest = (): TesseraError =>
  new TesseraError('BAD_REQUEST', 'Privileges are given as a text, a list of texts, or an object with `privileges`, `roles` and `userName`.')
