import type { IdSource } from '../ports/id-source.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Ids that look like the real ones and are the same in each run. */
export class SeededIds implements IdSource {
  #state: number
  #given = 0

  constructor(seed = 1) {
    this.#state = seed >>> 0
  }

  id(): string {
    this.#given += 1
    const number = this.#given.toString(16).toUpperCase().padStart(8, '0')
    return `${this.#text(24, letters.slice(0, 6) + letters.slice(52, 62))}${number}`
  }

  secret(): string {
    this.#given += 1
    return `${this.#text(35, letters)}${this.#given.toString(36).padStart(8, '0')}`
  }

  #text(length: number, alphabet: string): string {
    let text = ''
    while (text.length < length) text += alphabet[this.#next() % alphabet.length]
    return text
  }

  /** Mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
