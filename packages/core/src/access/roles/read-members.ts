import type { JsonMember, JsonNode } from '../../json/json-tree.ts'
import { type Findings, quoted } from './findings.ts'

/** The members of an object by name; of one given twice the last counts, as everywhere in JSON. */
export const membersOf = (node: JsonNode, found: Findings): ReadonlyMap<string, JsonMember> => {
  const members = new Map<string, JsonMember>()
  if (node.kind !== 'object') return members
  for (const member of node.members) {
    if (members.has(member.name)) found.warn(`${quoted(member.name)} is given twice here: only this one counts`, member.at)
    members.set(member.name, member)
  }
  return members
}

/** A text that is not blank. */
export const textOf = (member: JsonMember | undefined): { text: string; at: number } | null =>
  member?.value.kind === 'text' && member.value.value.trim() !== '' ? { text: member.value.value.trim(), at: member.value.at } : null

export interface NamedPlace {
  name: string
  at: number
}

/** A list of names, each once; `what` says in a sentence whose list it is. */
export const namesOf = (member: JsonMember | undefined, what: string, found: Findings): NamedPlace[] => {
  if (member === undefined) return []
  const { value } = member
  if (value.kind === 'array' && value.items.every(({ kind }) => kind === 'text')) {
    return value.items.flatMap((item) => (item.kind === 'text' && item.value.trim() !== '' ? [{ name: item.value.trim(), at: item.at }] : []))
  }
  found.error(`${what} must be an array of texts`, member.at)
  return []
}
