import { limits, type StorableText, type StorageRows, TesseraError } from '@tessera/protocol'
import type { SessionId } from '../ids.ts'
import type { CommitRequest, Delta, SlotChange, StorageSeed } from './delta.ts'
import { utf8Bytes } from './utf8-bytes.ts'

interface Slot {
  /** Null: removed, kept as a tombstone so that replicas hear of it. */
  text: StorableText | null
  clock: number
  bytes: number
  at: number
  by: string
}

/** Who writes, and when: shown beside the slot. */
export interface Writer {
  by: string
  now: number
}

/** A slot as a change leaves it. */
export interface WrittenSlot {
  slot: string
  /** Null: removed. */
  text: StorableText | null
  bytes: number
}

/** A change that won, and that nobody may see before it is durable (SPEC T11). */
export interface DecidedChange extends Writer {
  clock: number
  slots: readonly WrittenSlot[]
  /** By how many bytes the document grows. */
  growth: number
  changes: readonly SlotChange[]
}

export type Decision =
  /** `change` null: it wins, and there is nothing to keep. */
  { won: true; change: DecidedChange | null } | { won: false }

/** A document as a journal kept it. */
export interface KeptDocument {
  clock: number
  slots: readonly { slot: string; text: StorableText; clock: number; at: number; by: string }[]
}

/** More removed slots than this are forgotten; replicas from before get the whole document. */
const mostTombstones = 1000

/**
 * The master copy of one session's storage: slots of storable text under one clock. It never parses a value. A commit wins
 * when no slot it touched changed after its base, and every reply carries all that did (SPEC T1, T2; 4d.md ST-21).
 *
 * A change takes two steps: `decide` counts it against whatever comes next, `settle` shows it once it is durable. What is
 * read here (`seed`, `since`, `rows`) is settled (decision 5).
 */
export class StorageDocument {
  readonly #slots = new Map<string, Slot>()
  readonly #quotaBytes: number
  /** Decided, not durable yet; oldest first. */
  readonly #pending: DecidedChange[] = []
  #clock = 0
  #bytes = 0
  #tombstones = 0
  /** Clock up to which removals were forgotten. */
  #floor = 0

  constructor(quotaBytes: number) {
    this.#quotaBytes = quotaBytes
  }

  get clock(): number {
    return this.#clock
  }

  /** The clock of the latest change, durable or not. */
  get head(): number {
    return this.#pending.at(-1)?.clock ?? this.#clock
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Null where there is no such slot. */
  textOf(slot: string): StorableText | null {
    return this.#slots.get(slot)?.text ?? null
  }

  seed(): StorageSeed {
    const slots: [string, StorableText][] = []
    for (const [slot, { text }] of this.#slots) if (text !== null) slots.push([slot, text])
    return { clock: this.#clock, slots }
  }

  /** Everything that changed after `base`; the whole document where the removals since are no longer known. */
  since(base: number): Delta {
    if (base < this.#floor || base > this.#clock) return { from: 0, clock: this.#clock, changes: this.seed().slots, reset: true }
    const changes: SlotChange[] = []
    if (base < this.#clock) for (const [slot, { text, clock }] of this.#slots) if (clock > base) changes.push([slot, text])
    return { from: base, clock: this.#clock, changes }
  }

  /**
   * Whether a commit wins; if so, it counts from now on. A loser is answered once all that was decided before is settled.
   * @throws TesseraError `STORAGE_KEY_INVALID`, `STORAGE_QUOTA_EXCEEDED`; nothing is changed then.
   */
  decide(request: Pick<CommitRequest, 'base' | 'touched' | 'changes'>, writer: Writer): Decision {
    if (this.#loses(request)) return { won: false }
    if (request.changes.length === 0) return { won: true, change: null }
    const change = { ...this.#measure(request.changes), clock: this.head + 1, changes: request.changes, by: writer.by, now: writer.now }
    this.#pending.push(change)
    return { won: true, change }
  }

  /** The oldest decided change is durable: everybody may see it. Answers what they must be told. */
  settle(change: DecidedChange): Delta {
    if (this.#pending.shift() !== change) throw new Error('Changes become durable in the order in which they were decided.')
    const from = this.#clock
    this.#clock = change.clock
    for (const { slot, text, bytes } of change.slots) this.#write(slot, { text, bytes, clock: change.clock, at: change.now, by: change.by })
    this.#forgetTombstones()
    return { from, clock: this.#clock, changes: change.changes }
  }

  /** A change could not be kept: it never was, nor what was decided after it. */
  drop(change: DecidedChange): void {
    const at = this.#pending.indexOf(change)
    if (at >= 0) this.#pending.length = at
  }

  /** Puts a document back as it was kept. Replicas from before it get the whole document. */
  restore({ clock, slots }: KeptDocument): void {
    this.#clock = clock
    this.#floor = clock
    for (const { slot, ...kept } of slots) this.#write(slot, { ...kept, bytes: sizeOf(slot, kept.text) })
  }

  rows(session: SessionId, iso: (at: number) => string): StorageRows {
    const slots = [...this.#slots].flatMap(([slot, { text, clock, bytes, at, by }]) =>
      text === null ? [] : [{ slot, text, clock, bytes, changedAt: iso(at), changedBy: by }],
    )
    return { session, clock: this.#clock, bytes: this.#bytes, quotaBytes: this.#quotaBytes, slots }
  }

  #loses({ base, touched, changes }: Pick<CommitRequest, 'base' | 'touched' | 'changes'>): boolean {
    if (base === this.head) return false
    if (base < this.#floor || base > this.#clock) return true
    const changed = (slot: string): boolean => (this.#slots.get(slot)?.clock ?? 0) > base || this.#pendingSlot(slot) !== undefined
    return touched.some(changed) || changes.some(([slot]) => changed(slot))
  }

  /** How a change that is not durable yet leaves the slot; undefined where none touches it. */
  #pendingSlot(slot: string): WrittenSlot | undefined {
    for (let at = this.#pending.length - 1; at >= 0; at--) {
      const written = this.#pending[at]?.slots.find((one) => one.slot === slot)
      if (written !== undefined) return written
    }
    return undefined
  }

  /** What the changes come to, slot by slot. @throws TesseraError where a name or the quota forbids it. */
  #measure(changes: readonly SlotChange[]): { slots: readonly WrittenSlot[]; growth: number } {
    const written = new Map<string, WrittenSlot>()
    for (const [slot, text] of changes) {
      if (slot === '' || slot.length > limits.storageKeyCharacters) {
        throw new TesseraError('STORAGE_KEY_INVALID', `A slot's name has 1 to ${limits.storageKeyCharacters} characters; this one has ${slot.length}.`)
      }
      written.set(slot, { slot, text, bytes: sizeOf(slot, text) })
    }
    const slots = [...written.values()]
    const growth = slots.reduce((sum, { slot, bytes }) => sum + bytes - ((this.#pendingSlot(slot) ?? this.#slots.get(slot))?.bytes ?? 0), 0)
    const bytes = this.#pending.reduce((sum, decided) => sum + decided.growth, this.#bytes) + growth
    if (bytes > this.#quotaBytes && growth > 0) {
      throw new TesseraError('STORAGE_QUOTA_EXCEEDED', `The session's storage would hold ${bytes} bytes; its quota is ${this.#quotaBytes}.`)
    }
    return { slots, growth }
  }

  #write(name: string, slot: Slot): void {
    const before = this.#slots.get(name)
    this.#bytes += slot.bytes - (before?.bytes ?? 0)
    this.#tombstones += Number(slot.text === null) - Number(before?.text === null)
    this.#slots.set(name, slot)
  }

  #forgetTombstones(): void {
    if (this.#tombstones <= mostTombstones) return
    for (const [slot, { text }] of this.#slots) if (text === null) this.#slots.delete(slot)
    this.#tombstones = 0
    this.#floor = this.#clock
  }
}

const sizeOf = (slot: string, text: StorableText | null): number => (text === null ? 0 : utf8Bytes(slot) + utf8Bytes(text))
