import type { StorableText } from '@tessera/protocol'
import type { Delta, StorageSeed } from '../storage/delta.ts'

/** A copy of a session's storage as an isolate keeps it: whole slots, by the rules of `Delta`. */
export class Replica {
  readonly #slots = new Map<string, StorableText>()
  #clock = 0

  constructor(seed: StorageSeed) {
    this.#load(seed)
  }

  get clock(): number {
    return this.#clock
  }

  get slots(): ReadonlyMap<string, StorableText> {
    return this.#slots
  }

  /** Takes in what is new in it: nothing of a delta that ends before the own clock or begins after it. */
  apply(delta: Delta): void {
    if (delta.clock <= this.#clock || delta.from > this.#clock) return
    if (delta.reset === true) this.#slots.clear()
    for (const [slot, text] of delta.changes) {
      if (text === null) this.#slots.delete(slot)
      else this.#slots.set(slot, text)
    }
    this.#clock = delta.clock
  }

  #load({ clock, slots }: StorageSeed): void {
    for (const [slot, text] of slots) this.#slots.set(slot, text)
    this.#clock = clock
  }
}
