import { JsonFault, type JsonMember, type JsonNode, readJsonTree } from './json-tree.ts'
import { createPlaces, type Place } from './places.ts'

type Path = readonly PropertyKey[]

/** A JSON text that was read, and where each of its values stands. */
export interface JsonWithPlaces {
  value: unknown
  /** Of the value at the path, or of the nearest one above it that is there. */
  placeOf(path: Path): Place
  /** Of the name of a member. */
  placeOfKey(path: Path): Place
}

export class JsonSyntaxError extends Error {
  readonly place: Place

  constructor(message: string, place: Place) {
    super(message)
    this.place = place
  }
}

/** @throws JsonSyntaxError with the place, where the text is not JSON. */
export const readJson = (text: string): JsonWithPlaces => {
  const place = createPlaces(text)
  try {
    const root = readJsonTree(text)
    return {
      value: JSON.parse(text),
      placeOf: (path) => place(walk(root, path).at),
      placeOfKey: (path) => place(walk(root, path).keyAt),
    }
  } catch (cause) {
    if (cause instanceof JsonFault) throw new JsonSyntaxError(cause.message, place(cause.at))
    throw cause
  }
}

/** How far the path leads: where the last value found stands, and the name of the member that the path ends in. */
const walk = (root: JsonNode, path: Path): { at: number; keyAt: number } => {
  let node = root
  let keyAt = root.at
  for (const step of path) {
    const member = node.kind === 'object' ? lastMember(node.members, String(step)) : undefined
    const next = node.kind === 'array' ? node.items[Number(step)] : member?.value
    if (next === undefined) return { at: node.at, keyAt: node.at }
    keyAt = member?.at ?? next.at
    node = next
  }
  return { at: node.at, keyAt }
}

/** The one that counts where a name is given twice. */
const lastMember = (members: readonly JsonMember[], name: string): JsonMember | undefined => members.findLast((member) => member.name === name)
