import type { Delta, SessionId, StorageSeed } from '@tessera/core'
import type { Storable } from '@tessera/kit'
import { decodeStorable, type StorableText } from '@tessera/protocol/values'
import { deepFreeze } from './freeze.ts'

type Listener = (value: Storable | undefined) => void

interface Slot {
  readonly text: StorableText
  /** The decoded value; undefined until somebody reads it. */
  value: Storable | undefined
  frozen: boolean
  /** Holds dates or bytes perhaps, which cannot be frozen: decoded anew for each reader. */
  readonly shared: boolean
}

/**
 * The copy of one session's storage that an isolate reads from. Deltas may come late, twice or out of order: one that
 * this copy already has is ignored, one that leaves a gap is held until the gap is filled (`storage/delta.ts`, rule T1).
 */
export class Replica {
  readonly sessionId: SessionId
  #clock = -1
  #slots = new Map<string, Slot>()
  #held: Delta[] = []
  readonly #listeners = new Map<string, Set<Listener>>()
  #picture: Readonly<Record<string, Storable>> | null = null

  constructor(sessionId: SessionId) {
    this.sessionId = sessionId
  }

  /** The clock of the document held; -1 before the first seed. */
  get clock(): number {
    return this.#clock
  }

  seed(seed: StorageSeed): void {
    this.apply({ from: 0, clock: seed.clock, changes: seed.slots, reset: true })
  }

  apply(delta: Delta): void {
    if (delta.clock <= this.#clock) return
    if (delta.reset !== true && delta.from > this.#clock) {
      this.#held.push(delta)
      return
    }
    this.#take(delta)
    this.#applyHeld()
  }

  /**
   * Takes the answer to somebody who was at `base`. Where the master copy is older than that it was set back, so its
   * document is the truth and this one never was (rule T8); a push can never say so, since pushes may be late.
   */
  applyAnswer(base: number, since: Delta): void {
    if (since.reset !== true || since.clock >= base) {
      this.apply(since)
      return
    }
    this.#held = []
    this.#take(since)
  }

  /** One slot's value, deep-frozen. */
  read(name: string): Storable | undefined {
    const slot = this.#slots.get(name)
    if (slot === undefined) return undefined
    if (!slot.shared) return deepFreeze(decodeStorable(slot.text))
    const value = decodedOf(slot)
    if (!slot.frozen) deepFreeze(value)
    slot.frozen = true
    return value
  }

  /** All slots, deep-frozen, as one picture. */
  all(): Readonly<Record<string, Storable>> {
    if (this.#picture !== null) return this.#picture
    const picture = Object.freeze(Object.fromEntries([...this.#slots.keys()].map((name) => [name, this.read(name) ?? null])))
    if ([...this.#slots.values()].every((slot) => slot.shared)) this.#picture = picture
    return picture
  }

  text(name: string): StorableText | undefined {
    return this.#slots.get(name)?.text
  }

  /** All values, for a draft over them: not to be changed themselves. */
  values(): Map<string, unknown> {
    return new Map([...this.#slots].map(([name, slot]) => [name, slot.shared ? decodedOf(slot) : decodeStorable(slot.text)]))
  }

  watch(name: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name)
    }
  }

  #applyHeld(): void {
    const held = this.#held
    if (held.length === 0) return
    this.#held = []
    for (const delta of held) this.apply(delta)
  }

  #take(delta: Delta): void {
    const changed = new Set<string>()
    if (delta.reset === true) this.#forgetAllBut(delta, changed)
    for (const [name, text] of delta.changes) {
      if (this.#slots.get(name)?.text === (text ?? undefined)) continue
      if (text === null) this.#slots.delete(name)
      else this.#slots.set(name, { text, value: undefined, frozen: false, shared: !text.includes('"$') })
      changed.add(name)
    }
    this.#clock = delta.clock
    this.#picture = null
    this.#tell(changed)
  }

  #forgetAllBut(delta: Delta, changed: Set<string>): void {
    const kept = new Set(delta.changes.map(([name]) => name))
    for (const name of this.#slots.keys()) {
      if (kept.has(name)) continue
      this.#slots.delete(name)
      changed.add(name)
    }
  }

  #tell(changed: ReadonlySet<string>): void {
    if (this.#listeners.size === 0) return
    for (const name of changed) {
      const listeners = this.#listeners.get(name)
      if (listeners === undefined) continue
      for (const listener of [...listeners]) listener(this.read(name))
    }
  }
}

const decodedOf = (slot: Slot): Storable => {
  slot.value ??= decodeStorable(slot.text)
  return slot.value
}
