import { decodeStorable, type Storable } from '@tessera/protocol'

export type LeafKind = 'string' | 'number' | 'boolean' | 'null' | 'date' | 'bigint' | 'bytes'

/** A storable value as the tree shows it. `name`: the member's or the item's, '' for the value itself. */
export type TreeNode =
  | { kind: LeafKind; name: string; path: string; text: string }
  | { kind: 'object' | 'array'; name: string; path: string; size: number; preview: string; children: () => TreeNode[] }
  | { kind: 'broken'; name: string; path: string; text: string }

const previewLength = 60
const longestText = 2_000

/** Reads a slot's text; a text that is not storable is shown as it is instead of taking the page down. */
export const parseTree = (text: string, name: string): TreeNode => {
  try {
    return treeOf(decodeStorable(text), name, '')
  } catch {
    return { kind: 'broken', name, path: '', text: shorten(text, longestText) }
  }
}

const treeOf = (value: Storable | undefined, name: string, path: string): TreeNode => {
  if (typeof value === 'object' && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)) return branch(value, name, path)
  return { ...leafOf(value), name, path }
}

const branch = (value: readonly Storable[] | { readonly [key: string]: Storable | undefined }, name: string, path: string): TreeNode => {
  const kind = Array.isArray(value) ? 'array' : 'object'
  const members = Object.entries(value)
  return {
    kind,
    name,
    path,
    size: members.length,
    preview: previewOf(kind, members),
    // Children are made when the branch is opened: a slot may hold a megabyte.
    children: () => members.map(([key, member]) => treeOf(member, key, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)),
  }
}

const leafOf = (value: Exclude<Storable, object> | Date | Uint8Array | undefined): { kind: LeafKind; text: string } => {
  if (value === null || value === undefined) return { kind: 'null', text: 'null' }
  if (value instanceof Date) return { kind: 'date', text: value.toISOString() }
  if (value instanceof Uint8Array) return { kind: 'bytes', text: String(value.length) }
  switch (typeof value) {
    case 'bigint':
      return { kind: 'bigint', text: `${value}n` }
    case 'string':
      return { kind: 'string', text: shorten(JSON.stringify(value), longestText) }
    case 'number':
      return { kind: 'number', text: String(value) }
    case 'boolean':
      return { kind: 'boolean', text: String(value) }
  }
}

/** The first few members, as far as one line takes them. */
const previewOf = (kind: 'object' | 'array', members: readonly (readonly [string, Storable | undefined])[]): string => {
  const [open, close] = kind === 'array' ? ['[', ']'] : ['{', '}']
  const parts: string[] = []
  let length = 0
  for (const [key, member] of members) {
    const part = kind === 'array' ? shortValue(member) : `${key}: ${shortValue(member)}`
    length += part.length + 2
    if (length > previewLength && parts.length > 0) return `${open}${parts.join(', ')}, …${close}`
    parts.push(shorten(part, previewLength))
  }
  return `${open}${parts.join(', ')}${close}`
}

const shortValue = (value: Storable | undefined): string => {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : '[…]'
  const node = treeOf(value, '', '')
  if ('text' in node) return node.kind === 'bytes' ? '<…>' : shorten(node.text, 24)
  return node.size === 0 ? '{}' : '{…}'
}

const shorten = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`)

/** The text as it is edited: indented where that helps. */
export const formatForEditing = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** What an operator wrote, as storable text on one line; or what is wrong with it. */
export const parseEdited = (text: string): { ok: true; text: string } | { ok: false; problem: string } => {
  try {
    const value: unknown = JSON.parse(text)
    const line = JSON.stringify(value)
    decodeStorable(line)
    return { ok: true, text: line }
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) }
  }
}
