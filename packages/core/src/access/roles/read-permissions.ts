import type { JsonMember, JsonNode } from '../../json/json-tree.ts'
import { type Findings, quoted } from './findings.ts'
import type { Declarations } from './read-declarations.ts'
import { membersOf, namesOf, textOf } from './read-members.ts'
import { isKnown, type ListedAction, listedActions, type Permission, type Resource, type ResourceType, resourceKey, resourceTypes } from './roles.ts'

type Lists = Map<ListedAction, string[]>

interface Entry extends Resource {
  at: number
  lists: Lists
}

/** The entries of `permissions.allowed`; those for one resource are joined (4d.md FMT-44). */
export const readPermissions = (member: JsonMember | undefined, privileges: Declarations, found: Findings): ReadonlyMap<string, Permission> => {
  const permissions = new Map<string, Permission & { lists: Lists; lines: number[] }>()
  for (const item of allowedIn(member, found)) {
    const entry = readEntry(item, privileges, found)
    if (entry === null) continue
    const { type, name, at, lists } = entry
    const line = found.lineOf(at)
    const before = permissions.get(resourceKey(entry))
    if (before === undefined) permissions.set(resourceKey(entry), { type, name, lists, lines: [line] })
    else {
      before.lines.push(line)
      join(before.lists, entry, found)
    }
  }
  return permissions
}

const allowedIn = (member: JsonMember | undefined, found: Findings): readonly JsonNode[] => {
  if (member === undefined) return []
  const allowed = membersOf(member.value, found).get('allowed')
  if (allowed?.value.kind === 'array') return allowed.value.items
  found.error('"permissions" must hold an array "allowed"', member.at)
  return []
}

const join = (lists: Lists, { name, at, lists: more }: Entry, found: Findings): void => {
  for (const [action, names] of more) {
    const before = lists.get(action)
    if (before === undefined) lists.set(action, names)
    else {
      if (before.length > 0 && names.length > 0) found.warn(`${action} on ${quoted(name)} is given twice: a privilege of either list does`, at)
      for (const each of names) before.push(each)
    }
  }
}

const readEntry = (item: JsonNode, privileges: Declarations, found: Findings): Entry | null => {
  const members = membersOf(item, found)
  const name = textOf(members.get('applyTo'))
  const given = textOf(members.get('type'))
  if (name === null || given === null) {
    found.error('each permission must have a text "applyTo" and a text "type"', item.at)
    return null
  }
  const type = resourceTypes.find((each) => each === given.text) ?? null
  const lists: Lists = new Map()
  for (const member of members.values()) {
    if (!passedOver.has(member.name)) readList(lists, member, { name: name.text, type, privileges, found })
  }
  if (type === null) {
    found.error(`${quoted(given.text)} is no type of resource`, given.at)
    return null
  }
  const entry: Entry = { type, name: name.text, at: name.at, lists }
  checkName(entry, found)
  return entry
}

/** What is no list; an id is what Studio adds elsewhere (4d.md FMT-41). */
const passedOver: ReadonlySet<string> = new Set(['applyTo', 'type', 'id'])

interface Around {
  name: string
  type: ResourceType | null
  privileges: Declarations
  found: Findings
}

const readList = (lists: Lists, member: JsonMember, { name: resource, type, privileges, found }: Around): void => {
  const action = listedActions.find((each) => each === member.name)
  const names = namesOf(member, `${quoted(member.name)} on ${quoted(resource)}`, found)
  for (const { name, at } of names)
    if (!isKnown(privileges, name)) found.warn(`the permission on ${quoted(resource)} names ${quoted(name)}, which is not declared`, at)
  if (action === undefined) return found.error(`${quoted(member.name)} is no action`, member.at)
  if (action === 'describe') found.warn('the action "describe" has no effect', member.at)
  if (type !== null && names.length > 0 && isIdle(action, type)) found.warn(`${action} has no effect on the type ${type}`, member.at)
  lists.set(
    action,
    names.map(({ name }) => name),
  )
}

const functionTypes: ReadonlySet<ResourceType> = new Set(['method', 'singletonMethod'])

/** Lists that are read and never heeded. Only a function promotes (4d.md PRV-15); the older default file locks `ds` with it. */
const isIdle = (action: ListedAction, type: ResourceType): boolean => {
  if (action === 'describe') return false
  if (action === 'promote') return !functionTypes.has(type) && type !== 'datastore'
  if (action === 'execute') return type === 'attribute'
  return functionTypes.has(type) || type === 'singleton'
}

/** A permission whose name no request can have protects nothing (4d.md PRV-04). */
const checkName = ({ type, name, at }: Entry, found: Findings): void => {
  if (type === 'datastore' && name.toLowerCase() !== 'ds') found.warn(`the datastore is called "ds": nothing is called ${quoted(name)}`, at)
  if ((type === 'attribute' || type === 'singletonMethod') && !name.includes('.'))
    found.warn(`${quoted(name)} does not say whose ${type} it is: write "Owner.${type}"`, at)
}
