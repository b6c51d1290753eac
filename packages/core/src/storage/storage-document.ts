import { limits, type StorableText, type StorageRows, TesseraError } from '@tessera/protocol'
import type { SessionId } from '../ids.ts'
import type { CommitReply, CommitRequest, Delta, SlotChange, StorageSeed } from './delta.ts'
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

/** More removed slots than this are forgotten; replicas from before get the whole document. */
const mostTombstones = 1000

/**
 * The master copy of one session's storage: slots of storable text under one clock. It never parses a value. A commit wins
 * when no slot it touched changed after its base, and every reply carries all that did (SPEC T1, T2; 4d.md ST-21).
 */
export class StorageDocument {
  readonly #slots = new Map<string, Slot>()
  readonly #quotaBytes: number
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

  get bytes(): number {
    return this.#bytes
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
   * Carries a commit out, or refuses it when a slot it touched changed meanwhile. `delta` is what others must be told.
   * @throws TesseraError `STORAGE_KEY_INVALID`, `STORAGE_QUOTA_EXCEEDED`; nothing is changed then.
   */
  commit(request: Pick<CommitRequest, 'base' | 'touched' | 'changes'>, writer: Writer): { reply: CommitReply; delta: Delta | null } {
    const lost = request.touched.some((slot) => (this.#slots.get(slot)?.clock ?? 0) > request.base) || request.base < this.#floor
    if (lost || request.changes.length === 0) return { reply: { won: !lost, since: this.since(request.base) }, delta: null }
    this.#need(request.changes)
    const from = this.#clock
    this.#clock += 1
    for (const [slot, text] of request.changes) this.#write(slot, text, writer)
    this.#forgetTombstones()
    return { reply: { won: true, since: this.since(request.base) }, delta: { from, clock: this.#clock, changes: request.changes } }
  }

  rows(session: SessionId, iso: (at: number) => string): StorageRows {
    const slots = [...this.#slots].flatMap(([slot, { text, clock, bytes, at, by }]) =>
      text === null ? [] : [{ slot, text, clock, bytes, changedAt: iso(at), changedBy: by }],
    )
    return { session, clock: this.#clock, bytes: this.#bytes, quotaBytes: this.#quotaBytes, slots }
  }

  #need(changes: readonly SlotChange[]): void {
    let bytes = this.#bytes
    for (const [slot, text] of changes) {
      if (slot === '' || slot.length > limits.storageKeyCharacters) {
        throw new TesseraError('STORAGE_KEY_INVALID', `A slot's name has 1 to ${limits.storageKeyCharacters} characters; this one has ${slot.length}.`)
      }
      bytes += sizeOf(slot, text) - (this.#slots.get(slot)?.bytes ?? 0)
    }
    if (bytes > this.#quotaBytes && bytes > this.#bytes) {
      throw new TesseraError('STORAGE_QUOTA_EXCEEDED', `The session's storage would hold ${bytes} bytes; its quota is ${this.#quotaBytes}.`)
    }
  }

  #write(slot: string, text: StorableText | null, { by, now }: Writer): void {
    const before = this.#slots.get(slot)
    const bytes = sizeOf(slot, text)
    this.#bytes += bytes - (before?.bytes ?? 0)
    this.#tombstones += Number(text === null) - Number(before?.text === null)
    this.#slots.set(slot, { text, clock: this.#clock, bytes, at: now, by })
  }

  #forgetTombstones(): void {
    if (this.#tombstones <= mostTombstones) return
    for (const [slot, { text }] of this.#slots) if (text === null) this.#slots.delete(slot)
    this.#tombstones = 0
    this.#floor = this.#clock
  }
}

const sizeOf = (slot: string, text: StorableText | null): number => (text === null ? 0 : utf8Bytes(slot) + utf8Bytes(text))
