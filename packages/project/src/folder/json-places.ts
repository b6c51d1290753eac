import { type Place, placeAt } from './places.ts'

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
  const scan = new Scan(text)
  scan.document()
  const value: unknown = JSON.parse(text)
  const nearest = (path: Path): number => {
    for (let length = path.length; length > 0; length--) {
      const offset = scan.values.get(keyOf(path.slice(0, length)))
      if (offset !== undefined) return offset
    }
    return scan.values.get('') ?? 0
  }
  return {
    value,
    placeOf: (path) => placeAt(text, nearest(path)),
    placeOfKey: (path) => placeAt(text, scan.keys.get(keyOf(path)) ?? nearest(path)),
  }
}

const keyOf = (path: Path): string => path.map((step) => JSON.stringify(String(step))).join(',')

/** Notes where values and member names begin, and stops where a text is not JSON. */
class Scan {
  readonly values = new Map<string, number>()
  readonly keys = new Map<string, number>()
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): void {
    this.#value([])
    if (this.#at < this.#text.length) this.#fail()
  }

  #value(path: readonly string[]): void {
    this.#skip(blank)
    this.values.set(keyOf(path), this.#at)
    if (this.#skip(/\{/y) !== '') this.#list(/\}/y, () => this.#member(path))
    else if (this.#skip(/\[/y) !== '') this.#list(/\]/y, (index) => this.#value([...path, String(index)]))
    else if (this.#skip(leaf) === '') this.#fail()
    this.#skip(blank)
  }

  #list(end: RegExp, item: (index: number) => void): void {
    this.#skip(blank)
    if (this.#skip(end) !== '') return
    for (let index = 0; ; index++) {
      item(index)
      if (this.#skip(end) !== '') return
      if (this.#skip(/,/y) === '') this.#fail()
    }
  }

  #member(path: readonly string[]): void {
    this.#skip(blank)
    const start = this.#at
    const quoted = this.#skip(text)
    if (quoted === '') this.#fail()
    const memberPath = [...path, String(JSON.parse(quoted))]
    this.keys.set(keyOf(memberPath), start)
    this.#skip(blank)
    if (this.#skip(/:/y) === '') this.#fail()
    this.#value(memberPath)
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [found = ''] = pattern.exec(this.#text) ?? []
    this.#at += found.length
    return found
  }

  #fail(): never {
    const [found] = this.#text.slice(this.#at)
    throw new JsonSyntaxError(found === undefined ? 'it ends too early' : `${JSON.stringify(found)} is not expected here`, placeAt(this.#text, this.#at))
  }
}

const blank = /[ \t\r\n]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON texts cannot hold control characters.
const text = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const leaf = new RegExp(`${text.source}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null`, 'y')
