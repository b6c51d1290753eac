import type { JsonMember, JsonNode } from '../../json/json-tree.ts'
import { type Findings, quoted } from './findings.ts'
import { membersOf, type NamedPlace, namesOf, textOf } from './read-members.ts'
import { isKnown, keyOf, none } from './roles.ts'

/** A privilege or a role as the file declares it; the id that Studio adds is passed over (4d.md FMT-41). */
export interface Declaration extends NamedPlace {
  list: readonly NamedPlace[]
}
export type Declarations = ReadonlyMap<string, Declaration>

/** Under which names an array of the file keeps its entries. */
interface Shape {
  member: string
  nameKey: string
  listKey: string
}
export const privilegeShape: Shape = { member: 'privileges', nameKey: 'privilege', listKey: 'includes' }
export const roleShape: Shape = { member: 'roles', nameKey: 'role', listKey: 'privileges' }

export const readDeclarations = (member: JsonMember | undefined, shape: Shape, found: Findings): Declarations => {
  const entries = new Map<string, Declaration>()
  if (member === undefined) return entries
  if (member.value.kind !== 'array') {
    found.error(`"${shape.member}" must be an array`, member.at)
    return entries
  }
  for (const item of member.value.items) {
    const declared = readDeclaration(item, shape, found)
    if (declared === null) continue
    const key = keyOf(declared.name)
    if (entries.has(key)) found.error(`the ${shape.nameKey} ${quoted(declared.name)} is declared twice`, declared.at)
    else entries.set(key, declared)
  }
  return entries
}

const readDeclaration = (item: JsonNode, { member, nameKey, listKey }: Shape, found: Findings): Declaration | null => {
  const members = membersOf(item, found)
  const name = textOf(members.get(nameKey))
  if (name === null) {
    found.error(`each entry of "${member}" must have a text "${nameKey}"`, item.at)
    return null
  }
  for (const { name: other, at } of members.values())
    if (![nameKey, listKey, 'id'].includes(other)) found.warn(`${quoted(other)} means nothing in a ${nameKey}`, at)
  return { name: name.text, at: name.at, list: namesOf(members.get(listKey), `"${listKey}" of ${nameKey} ${quoted(name.text)}`, found) }
}

/** Names that lead nowhere are no errors: they are never held (4d.md SES-34). */
export const checkReferences = (privileges: Declarations, roles: Declarations, found: Findings): void => {
  const reserved = privileges.get('webadmin')
  if (reserved !== undefined) found.warn('"WebAdmin" is reserved: it is there without being declared', reserved.at)
  for (const { name, list } of privileges.values()) {
    for (const included of list) {
      if (keyOf(included.name) === none) found.warn(`the privilege ${quoted(name)} includes "none", which nobody ever holds`, included.at)
      else if (!isKnown(privileges, included.name))
        found.warn(`the privilege ${quoted(name)} includes ${quoted(included.name)}, which is not declared`, included.at)
    }
  }
  for (const { name, list } of roles.values()) {
    for (const named of list)
      if (!isKnown(privileges, named.name)) found.warn(`the role ${quoted(name)} names the privilege ${quoted(named.name)}, which is not declared`, named.at)
  }
}
