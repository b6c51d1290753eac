import { type Problem, TesseraError } from '@tessera/protocol'
import { JsonFault, type JsonMember, type JsonNode, readJsonTree } from '../../json/json-tree.ts'
import { withoutByteOrderMark } from '../../json/places.ts'
import { findCycles } from './find-cycles.ts'
import { Findings, quoted } from './findings.ts'
import { checkReferences, type Declarations, privilegeShape, readDeclarations, roleShape } from './read-declarations.ts'
import { membersOf } from './read-members.ts'
import { readPermissions } from './read-permissions.ts'
import { noRoles, type Roles } from './roles.ts'

/** Real ones take a few thousand characters; what is longer would keep the server from its work while it is read. */
export const longestRoles = 1_048_576

/**
 * Reads the text of a `roles.json` in 4D's format (4d.md FMT-40..44, PRV-01..17). A broken file is refused whole: it
 * fails closed, where 4D's fails open (PRV-31).
 * @throws TesseraError `ROLES_INVALID` with its problems.
 */
export const parseRoles = (text: string, file = 'roles.json'): { roles: Roles; warnings: readonly Problem[] } => {
  if (text.length > longestRoles) throw tooLong(file, text.length)
  const { roles, errors } = read(text, file)
  const { warnings } = roles
  if (errors.length > 0) throw new TesseraError('ROLES_INVALID', `${file} is broken: ${errors[0]?.message ?? ''}`, { problems: [...errors, ...warnings] })
  return { roles, warnings }
}

/**
 * What a package says that was made when other things were accepted. It never throws: where the file would be refused today,
 * what can be read of it stands, and all else is closed.
 */
export const readPackedRoles = (text: string, file = 'roles.json'): Roles => {
  const { roles, errors } = read(text, file)
  return errors.length === 0 ? roles : { ...roles, restrictedByDefault: true, forceLogin: true, warnings: [...errors, ...roles.warnings] }
}

/** @throws TesseraError `ROLES_INVALID`, always, for a file of that many characters. */
export const tooLong = (file: string, characters: number): TesseraError => {
  const message = `it has ${characters} characters, and at most ${longestRoles} are read`
  return new TesseraError('ROLES_INVALID', `${file} is broken: ${message}`, {
    problems: [{ file, line: 1, column: 1, severity: 'error', code: 'roles-invalid', message }],
  })
}

const read = (given: string, file: string): { roles: Roles; errors: readonly Problem[] } => {
  const text = withoutByteOrderMark(given)
  const found = new Findings(text, file)
  const document = readDocument(text, found)
  const roles = document === null ? noRoles : readRoles(document, found)
  return { roles: { ...roles, warnings: found.warnings }, errors: found.errors }
}

const readDocument = (text: string, found: Findings): JsonNode | null => {
  try {
    const document = readJsonTree(text)
    if (document.kind === 'object') return document
    found.error('it must hold one JSON object', document.at)
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause
    found.error(`it is not JSON: ${cause.message}`, cause.at)
  }
  return null
}

const readRoles = (document: JsonNode, found: Findings): Roles => {
  const members = membersOf(document, found)
  checkMembers(document, members, found)
  const privileges = readDeclarations(members.get('privileges'), privilegeShape, found)
  const roles = readDeclarations(members.get('roles'), roleShape, found)
  checkReferences(privileges, roles, found)
  findCycles(privileges, found)
  return {
    privileges: new Map(declared(privileges).map(([key, name, list]) => [key, { name, includes: list }])),
    roles: new Map(declared(roles).map(([key, name, list]) => [key, { name, privileges: list }])),
    permissions: readPermissions(members.get('permissions'), privileges, found),
    restrictedByDefault: readFlag(members.get('restrictedByDefault'), found),
    forceLogin: readFlag(members.get('forceLogin'), found),
    warnings: [],
  }
}

const declared = (declarations: Declarations): [key: string, name: string, list: string[]][] =>
  [...declarations].map(([key, { name, list }]) => [key, name, list.map((each) => each.name)])

const mandatory = ['privileges', 'permissions']
const meant: ReadonlySet<string> = new Set([...mandatory, 'roles', 'restrictedByDefault', 'forceLogin', '$schema'])

/** 4D asks for two of them (4d.md FMT-40). A flag that is misspelt would leave open what was meant to be closed: it is told. */
const checkMembers = (document: JsonNode, members: ReadonlyMap<string, JsonMember>, found: Findings): void => {
  for (const name of mandatory) if (!members.has(name)) found.warn(`4D asks for a member "${name}", which is missing here`, document.at)
  for (const { name, at } of members.values()) if (!meant.has(name)) found.warn(`${quoted(name)} means nothing in this file`, at)
}

const readFlag = (member: JsonMember | undefined, found: Findings): boolean => {
  if (member === undefined) return false
  if (member.value.kind === 'other' && typeof member.value.value === 'boolean') return member.value.value
  found.error(`"${member.name}" must be true or false`, member.value.at)
  return true
}
