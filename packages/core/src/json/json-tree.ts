/** A JSON text as it was written: where each value stands, members in their order, those given twice included. */
export type JsonNode =
  | { kind: 'object'; at: number; members: JsonMember[] }
  | { kind: 'array'; at: number; items: JsonNode[] }
  | { kind: 'text'; at: number; value: string }
  | { kind: 'other'; at: number; value: number | boolean | null }

export interface JsonMember {
  name: string
  /** Where its name stands. */
  at: number
  value: JsonNode
}

/** What keeps a text from being JSON, and at which character. */
export class JsonFault extends Error {
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

type Container = Extract<JsonNode, { kind: 'object' | 'array' }>

/** Reads a text in one pass, however deep it nests. @throws JsonFault. */
export const readJsonTree = (text: string): JsonNode => {
  const reader = new Reader(text)
  const root = reader.value()
  while (reader.unfinished) reader.next()
  reader.end()
  return root
}

class Reader {
  readonly #text: string
  readonly #open: Container[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get unfinished(): boolean {
    return this.#open.length > 0
  }

  /** A whole leaf, or the beginning of an object or array. */
  value(): JsonNode {
    const at = this.#skipBlank()
    switch (this.#text[at]) {
      case '{':
        return this.#begin({ kind: 'object', at, members: [] })
      case '[':
        return this.#begin({ kind: 'array', at, items: [] })
      case '"':
        return { kind: 'text', at, value: this.#quoted() }
      default:
        return { kind: 'other', at, value: this.#leaf() }
    }
  }

  /** The next part of the innermost object or array that is not over. */
  next(): void {
    const container = this.#open.at(-1)
    if (container === undefined) return
    const [parts, end] = container.kind === 'object' ? [container.members, '}'] : [container.items, ']']
    const here = this.#text[this.#skipBlank()]
    if (here === end) return this.#finish()
    if (parts.length > 0) this.#comma(end)
    if (container.kind === 'array') container.items.push(this.value())
    else container.members.push(this.#member())
  }

  end(): void {
    if (this.#skipBlank() < this.#text.length) this.#fail()
  }

  #begin(container: Container): Container {
    this.#at += 1
    this.#open.push(container)
    return container
  }

  #finish(): void {
    this.#at += 1
    this.#open.pop()
  }

  #comma(end: string): void {
    if (this.#text[this.#at] !== ',') this.#fail()
    const comma = this.#at
    this.#at += 1
    if (this.#text[this.#skipBlank()] === end) throw new JsonFault(`a comma stands before "${end}", with nothing after it`, comma)
  }

  #member(): JsonMember {
    const at = this.#skipBlank()
    if (this.#text[at] !== '"') this.#fail()
    const name = this.#quoted()
    if (this.#text[this.#skipBlank()] !== ':') this.#fail()
    this.#at += 1
    return { name, at, value: this.value() }
  }

  #quoted(): string {
    const start = this.#at
    let end = start + 1
    for (let code = this.#text.charCodeAt(end); code !== quote; code = this.#text.charCodeAt(end)) {
      if (Number.isNaN(code)) throw new JsonFault('a text begins here and does not end', start)
      end += code === backslash ? 2 : 1
    }
    this.#at = end + 1
    try {
      return String(JSON.parse(this.#text.slice(start, this.#at)))
    } catch {
      throw new JsonFault('this text does not end on its line, or holds a character that must be escaped', start)
    }
  }

  #leaf(): number | boolean | null {
    leaf.lastIndex = this.#at
    const [found] = leaf.exec(this.#text) ?? []
    if (found === undefined) return this.#fail()
    this.#at += found.length
    return JSON.parse(found) as number | boolean | null
  }

  #skipBlank(): number {
    blank.lastIndex = this.#at
    blank.exec(this.#text)
    this.#at = blank.lastIndex
    return this.#at
  }

  #fail(): never {
    const [found] = this.#text.slice(this.#at, this.#at + 2)
    if (found === undefined) throw new JsonFault('it ends too early', this.#at)
    const why = found === '/' ? '; JSON has no comments' : found === "'" ? '; texts stand in double quotes' : ''
    throw new JsonFault(`${JSON.stringify(found)} is not expected here${why}`, this.#at)
  }
}

const quote = 0x22
const backslash = 0x5c
const blank = /[ \t\r\n]*/y
const leaf = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
