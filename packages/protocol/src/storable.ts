import { TesseraError } from './tessera-error.ts'

/** Every platform that this runs on has it, though not every set of types. */
declare const TextDecoder: new (label: string, options: { fatal: boolean; ignoreBOM: boolean }) => { decode(bytes: Uint8Array): string }
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What session storage, arguments and results may hold: JSON values plus Date, bigint and Uint8Array. */
export type Storable = null | boolean | number | string | bigint | Date | Uint8Array | readonly Storable[] | { readonly [key: string]: Storable | undefined }

/** The text form of one storable value. Opaque on its way: only the two ends parse it. */
export type StorableText = string

/**
 * Arguments or a result on their way: storable text, or its UTF-8 bytes as they came. Whoever only passes it on need not
 * know which; the bytes are never changed once they are handed over.
 */
export type Payload = StorableText | Uint8Array

const maxDepth = 200

/**
 * Writes a storable value as JSON text in which Date, bigint and Uint8Array stand as `{"$date"}`, `{"$bigint"}` and
 * `{"$bytes"}` (base64). `undefined` members are left out, as in JSON; a top-level `undefined` is written as `null`.
 * @throws TesseraError `NOT_STORABLE` naming the path of the first value that cannot be kept (functions, symbols,
 * cycles, class instances, NaN and infinities).
 */
export const encodeStorable = (value: unknown): StorableText => JSON.stringify(isPlain(value, 0) ? value : toWire(value, '$', []))

/**
 * Reads what `encodeStorable` wrote.
 * @throws TesseraError `NOT_STORABLE` where the text is no JSON or a tag holds what it cannot.
 */
export const decodeStorable = (text: StorableText): Storable => {
  try {
    const parsed: unknown = JSON.parse(text)
    // Tags are rare: a text without `"$` holds none, and needs no second walk.
    return text.includes('"$') ? fromWire(parsed) : (parsed as Storable)
  } catch (cause) {
    if (cause instanceof TesseraError) throw cause
    throw new TesseraError('NOT_STORABLE', 'This text is not a storable value: it is not JSON.', { cause })
  }
}

/** The text of a payload, which must be whole and well formed UTF-8 where it is bytes. @throws TesseraError `NOT_STORABLE`. */
export const payloadText = (payload: Payload): StorableText => {
  if (typeof payload === 'string') return payload
  try {
    return utf8.decode(payload)
  } catch (cause) {
    throw new TesseraError('NOT_STORABLE', 'These bytes are not a storable value: they are not UTF-8.', { cause })
  }
}

/**
 * Whether JSON by itself writes the value as it should be: the usual case, which then needs no copy with tags. Whatever
 * else there is, `toWire` deals with.
 */
const isPlain = (value: unknown, depth: number): boolean => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      return value === null || (depth < maxDepth && (Array.isArray(value) ? isPlainArray(value, depth) : isPlainObject(value, depth)))
    default:
      return false
  }
}

const isPlainArray = (value: readonly unknown[], depth: number): boolean => {
  for (const item of value) if (item !== undefined && !isPlain(item, depth + 1)) return false
  return !('toJSON' in value)
}

const isPlainObject = (value: object, depth: number): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key]
    if (tags.has(key) || (member !== undefined && !isPlain(member, depth + 1))) return false
  }
  return true
}

const toWire = (value: unknown, path: string, above: object[]): unknown => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'undefined':
      return path === '$' ? null : undefined
    case 'number':
      if (Number.isFinite(value)) return value
      throw notStorable(path, `the number ${String(value)}`)
    case 'bigint':
      return { $bigint: value.toString() }
    case 'object':
      return value === null ? null : objectToWire(value, path, above)
    default:
      throw notStorable(path, `a ${typeof value}`)
  }
}

const objectToWire = (value: object, path: string, above: object[]): unknown => {
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw notStorable(path, 'an invalid Date')
    return { $date: value.toISOString() }
  }
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) }
  if (above.includes(value)) throw notStorable(path, 'a cycle')
  if (above.length >= maxDepth) throw notStorable(path, `more than ${maxDepth} levels`)
  above.push(value)
  const wire = Array.isArray(value) ? value.map((item, index) => toWire(item ?? null, `${path}[${index}]`, above)) : membersToWire(value, path, above)
  above.pop()
  return wire
}

const membersToWire = (value: object, path: string, above: object[]): unknown => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw notStorable(path, `an instance of ${value.constructor?.name ?? 'a class'}`)
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => [key, toWire(member, `${path}.${key}`, above)] as const)
  const wire = fromEntries(members)
  const only = members.length === 1 ? members[0]?.[0] : undefined
  return only !== undefined && tags.has(only) ? { $literal: wire } : wire
}

const tags = new Set(['$date', '$bigint', '$bytes', '$literal'])

const fromWire = (value: unknown): Storable => {
  if (typeof value !== 'object' || value === null) return value as Storable
  if (Array.isArray(value)) return value.map(fromWire)
  const members = Object.entries(value)
  const first = members.length === 1 ? members[0] : undefined
  if (first !== undefined && tags.has(first[0])) return tagFromWire(first[0], first[1])
  return fromEntries(members.map(([key, member]) => [key, fromWire(member)] as const)) as Storable
}

const tagFromWire = (tag: string, held: unknown): Storable => {
  if (tag === '$literal' && typeof held === 'object' && held !== null) {
    return fromEntries(Object.entries(held).map(([key, member]) => [key, fromWire(member)] as const)) as Storable
  }
  if (typeof held === 'string') {
    if (tag === '$date') return validDate(held)
    if (tag === '$bigint' && /^-?\d{1,10000}$/.test(held)) return BigInt(held)
    if (tag === '$bytes') return fromBase64(held)
  }
  throw new TesseraError('NOT_STORABLE', `The tag "${tag}" does not hold what it should.`)
}

const validDate = (text: string): Date => {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw new TesseraError('NOT_STORABLE', 'The tag "$date" does not hold a date.')
  return date
}

/** Own properties only, so that a member called `__proto__` is data like any other. */
const fromEntries = (members: readonly (readonly [string, unknown])[]): Record<string, unknown> => {
  const object: Record<string, unknown> = {}
  for (const [key, member] of members) {
    if (member === undefined) continue
    if (key === '__proto__') Object.defineProperty(object, key, { value: member, enumerable: true, configurable: true, writable: true })
    else object[key] = member
  }
  return object
}

const notStorable = (path: string, what: string): TesseraError =>
  new TesseraError(
    'NOT_STORABLE',
    `${path === '$' ? 'The value' : path.slice(path.startsWith('$.') ? 2 : 1)} is ${what}, which cannot be kept: use JSON values, Date, bigint or Uint8Array.`,
  )

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const toBase64 = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const left = bytes.length - at
    text += `${alphabet[word >> 18]}${alphabet[(word >> 12) & 63]}${left > 1 ? alphabet[(word >> 6) & 63] : '='}${left > 2 ? alphabet[word & 63] : '='}`
  }
  return text
}

const sextets = new Map([...alphabet].map((letter, index) => [letter, index]))

const fromBase64 = (text: string): Uint8Array => {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw new TesseraError('NOT_STORABLE', 'The tag "$bytes" does not hold base64.')
  }
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  for (let at = 0, out = 0; at < text.length; at += 4) {
    const word = [0, 1, 2, 3].reduce((sum, offset) => (sum << 6) | (sextets.get(text[at + offset] ?? 'A') ?? 0), 0)
    for (const shift of [16, 8, 0]) if (out < bytes.length) bytes[out++] = (word >> shift) & 255
  }
  return bytes
}
