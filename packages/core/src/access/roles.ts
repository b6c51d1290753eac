import { type Problem, TesseraError } from '@tessera/protocol'

export interface Roles {
  /** Declared privileges by lower-case name: as spelled, and what each includes directly. */
  privileges: ReadonlyMap<string, { name: string; includes: readonly string[] }>
  /** Declared roles by lower-case name: as spelled, and the privileges of each. */
  roles: ReadonlyMap<string, { name: string; privileges: readonly string[] }>
}

export const noRoles: Roles = { privileges: new Map(), roles: new Map() }

const actions = new Set(['create', 'read', 'update', 'drop', 'execute', 'promote', 'describe'])
const resourceTypes = new Set(['datastore', 'dataclass', 'attribute', 'method', 'singleton', 'singletonMethod'])
/** Usable without being declared (4d.md PRV-12, FMT-43). */
const builtIn = new Set(['guest', 'none', 'webadmin'])

/**
 * Reads the text of a `roles.json` in 4D's format (4d.md FMT-40..44, PRV-12, PRV-17). A broken file is refused whole: it
 * fails closed, where 4D's fails open (PRV-31).
 * @throws TesseraError `ROLES_INVALID` with every problem in it.
 */
export const parseRoles = (text: string, file = 'roles.json'): { roles: Roles; warnings: readonly Problem[] } => {
  const found = new Findings(text, file)
  const document = parseDocument(text, found)
  const privileges = readNamed(document, privilegeShape, found)
  const roles = readNamed(document, roleShape, found)
  checkReferences(privileges, roles, found)
  checkCycles(privileges, found)
  checkPermissions(document, privileges, found)
  found.throwIfBroken()
  return {
    roles: {
      privileges: new Map([...privileges].map(([key, entry]) => [key, { name: entry.name, includes: entry.list }])),
      roles: new Map([...roles].map(([key, entry]) => [key, { name: entry.name, privileges: entry.list }])),
    },
    warnings: found.warnings,
  }
}

/** The declared ones among the names, with everything they include, however deep: as declared, sorted (4d.md PRV-11, SES-38). */
export const expandPrivileges = (roles: Roles, names: Iterable<string>): string[] => {
  const held = new Map<string, string>()
  const waiting = [...names].map((name) => name.toLowerCase())
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const declared = roles.privileges.get(key)
    if (held.has(key) || !(declared !== undefined || builtIn.has(key))) continue
    held.set(key, declared?.name ?? key)
    waiting.push(...(declared?.includes ?? []).map((included) => included.toLowerCase()))
  }
  return [...held.values()].sort()
}

interface Named {
  name: string
  list: readonly string[]
}
type Members = Record<string, unknown>

class Findings {
  readonly warnings: Problem[] = []
  readonly #errors: Problem[] = []
  readonly #text: string
  readonly #file: string

  constructor(text: string, file: string) {
    this.#text = text
    this.#file = file
  }

  error(message: string, near = ''): void {
    this.#errors.push(this.#problem('error', message, near))
  }

  warn(message: string, near = ''): void {
    this.warnings.push(this.#problem('warning', message, near))
  }

  throwIfBroken(): void {
    if (this.#errors.length === 0) return
    const first = this.#errors[0]?.message ?? ''
    throw new TesseraError('ROLES_INVALID', `${this.#file} is broken: ${first}`, { problems: [...this.#errors, ...this.warnings] })
  }

  #problem(severity: Problem['severity'], message: string, near: string): Problem {
    const at = near === '' ? -1 : this.#text.indexOf(JSON.stringify(near))
    const before = at < 0 ? '' : this.#text.slice(0, at)
    const lines = before.split('\n')
    return { file: this.#file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1, severity, code: 'roles-invalid', message }
  }
}

const parseDocument = (text: string, found: Findings): Members => {
  try {
    const parsed: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
    if (isMembers(parsed)) return parsed
    found.error('it must hold one JSON object')
  } catch (cause) {
    found.error(`it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  found.throwIfBroken()
  return {}
}

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Under which names an array of the file keeps its entries. */
interface Shape {
  member: string
  nameKey: string
  listKey: string
}
const privilegeShape: Shape = { member: 'privileges', nameKey: 'privilege', listKey: 'includes' }
const roleShape: Shape = { member: 'roles', nameKey: 'role', listKey: 'privileges' }

const readNamed = (document: Members, { member, nameKey, listKey }: Shape, found: Findings): Map<string, Named> => {
  const entries = new Map<string, Named>()
  const list = document[member]
  if (list === undefined) return entries
  if (!Array.isArray(list)) {
    found.error(`"${member}" must be an array`, member)
    return entries
  }
  for (const entry of list as unknown[]) {
    const name = isMembers(entry) ? entry[nameKey] : undefined
    if (!isMembers(entry) || typeof name !== 'string' || name.trim() === '') {
      found.error(`each entry of "${member}" must have a text "${nameKey}"`, member)
      continue
    }
    const key = name.toLowerCase()
    if (entries.has(key)) found.error(`the ${nameKey} "${name}" is declared twice`, name)
    entries.set(key, { name, list: readTexts(entry[listKey], { what: `"${listKey}" of ${nameKey} "${name}"`, near: name }, found) })
  }
  return entries
}

const readTexts = (value: unknown, { what, near }: { what: string; near: string }, found: Findings): string[] => {
  if (value === undefined) return []
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as string[]
  found.error(`${what} must be an array of texts`, near)
  return []
}

const checkReferences = (privileges: ReadonlyMap<string, Named>, roles: ReadonlyMap<string, Named>, found: Findings): void => {
  const known = (name: string): boolean => privileges.has(name.toLowerCase()) || builtIn.has(name.toLowerCase())
  for (const { name, list } of privileges.values()) {
    for (const included of list) if (!known(included)) found.warn(`the privilege "${name}" includes "${included}", which is not declared`, included)
  }
  for (const { name, list } of roles.values()) {
    for (const named of list) if (!known(named)) found.warn(`the role "${name}" names the privilege "${named}", which is not declared`, named)
  }
}

const checkCycles = (privileges: ReadonlyMap<string, Named>, found: Findings): void => {
  const done = new Set<string>()
  const visit = (key: string, above: readonly string[]): void => {
    if (above.includes(key)) {
      const names = [...above.slice(above.indexOf(key)), key].map((each) => privileges.get(each)?.name ?? each)
      found.error(`privileges include each other: ${names.join(' → ')}`, names[0])
      return
    }
    if (done.has(key)) return
    for (const included of privileges.get(key)?.list ?? []) visit(included.toLowerCase(), [...above, key])
    done.add(key)
  }
  for (const key of privileges.keys()) visit(key, [])
}

const checkPermissions = (document: Members, privileges: ReadonlyMap<string, Named>, found: Findings): void => {
  const permissions = document['permissions']
  if (permissions === undefined) return
  const allowed = isMembers(permissions) ? permissions['allowed'] : undefined
  if (!Array.isArray(allowed)) {
    found.error('"permissions" must hold an array "allowed"', 'permissions')
    return
  }
  for (const entry of allowed as unknown[]) checkPermission(entry, privileges, found)
}

const checkPermission = (entry: unknown, privileges: ReadonlyMap<string, Named>, found: Findings): void => {
  if (!isMembers(entry) || typeof entry['applyTo'] !== 'string' || typeof entry['type'] !== 'string') {
    found.error('each permission must have a text "applyTo" and a text "type"', 'allowed')
    return
  }
  const { applyTo, type, ...lists } = entry
  if (!resourceTypes.has(type as string)) found.error(`"${String(type)}" is no type of resource`, String(type))
  for (const [action, names] of Object.entries(lists)) {
    if (!actions.has(action)) found.error(`"${action}" is no action`, action)
    if (action === 'describe') found.warn('the action "describe" has no effect', action)
    for (const name of readTexts(names, { what: `"${action}" on "${String(applyTo)}"`, near: String(applyTo) }, found)) {
      if (!privileges.has(name.toLowerCase()) && !builtIn.has(name.toLowerCase()))
        found.warn(`the permission on "${String(applyTo)}" names "${name}", which is not declared`, name)
    }
  }
}
