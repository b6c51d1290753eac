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
    if (this.#loses(request)) return { reply: { won: false, since: this.since(request.base) }, delta: null }
    if (request.changes.length === 0) return { reply: { won: true, since: this.since(request.base) }, delta: null }
    const written = this.#measure(request.changes)
    const from = this.#clock
    this.#clock += 1
    for (const [slot, { text, bytes }] of written) this.#write(slot, { text, bytes, clock: this.#clock, at: writer.now, by: writer.by })
    this.#forgetTombstones()
    const delta: Delta = { from, clock: this.#clock, changes: request.changes }
    // Nothing but this commit came after a base that was up to date.
    return { reply: { won: true, since: request.base === from ? delta : this.since(request.base) }, delta }
  }

  rows(session: SessionId, iso: (at: number) => string): StorageRows {
    const slots = [...this.#slots].flatMap(([slot, { text, clock, bytes, at, by }]) =>
      text === null ? [] : [{ slot, text, clock, bytes, changedAt: iso(at), changedBy: by }],
    )
    return { session, clock: this.#clock, bytes: this.#bytes, quotaBytes: this.#quotaBytes, slots }
  }

  #loses({ base, touched, changes }: Pick<CommitRequest, 'base' | 'touched' | 'changes'>): boolean {
    if (base < this.#floor || base > this.#clock) return true
    if (base === this.#clock) return false
    const changed = (slot: string): boolean => (this.#slots.get(slot)?.clock ?? 0) > base
    return touched.some(changed) || changes.some(([slot]) => changed(slot))
  }

  /** What the changes come to, slot by slot. @throws TesseraError where a name or the quota forbids it. */
  #measure(changes: readonly SlotChange[]): Map<string, Pick<Slot, 'text' | 'bytes'>> {
    const written = new Map<string, Pick<Slot, 'text' | 'bytes'>>()
    let bytes = this.#bytes
    for (const [slot, text] of changes) {
      if (slot === '' || slot.length > limits.storageKeyCharacters) {
        throw new TesseraError('STORAGE_KEY_INVALID', `A slot's name has 1 to ${limits.storageKeyCharacters} characters; this one has ${slot.length}.`)
      }
      const size = sizeOf(slot, text)
      bytes += size - ((written.get(slot) ?? this.#slots.get(slot))?.bytes ?? 0)
      written.set(slot, { text, bytes: size })
    }
    if (bytes > this.#quotaBytes && bytes > this.#bytes) {
      throw new TesseraError('STORAGE_QUOTA_EXCEEDED', `The session's storage would hold ${bytes} bytes; its quota is ${this.#quotaBytes}.`)
    }
    return written
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
