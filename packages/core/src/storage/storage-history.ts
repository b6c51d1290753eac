import type { StorableText, StorageChangeRow } from '@tessera/protocol'
import type { DecidedChange, Writer, WrittenSlot } from './storage-document.ts'

interface Change extends Writer {
  clock: number
  slots: StorageChangeRow['slots']
  /** Slots that the change touched and that are not in `slots`. */
  more: number
  size: number
}

const mostChanges = 200
const longestText = 500
/** In bytes of UTF-16, names and texts together. */
const mostBytes = 65_536

/**
 * The last acknowledged changes of one session's storage: who changed what, when, from what to what (SPEC T20). It parses
 * nothing, and points at the texts that the document holds as long as they are short.
 */
export class StorageHistory {
  readonly #changes: Change[] = []
  #bytes = 0

  /** `before`: the texts that its slots had, in their order; null for a slot that was not there. */
  note({ clock, slots, by, now }: DecidedChange, before: readonly (StorableText | null)[]): void {
    const noted = describe(slots, before)
    this.#changes.push({ clock, by, now, ...noted })
    this.#bytes += noted.size
    while (this.#changes.length > mostChanges || (this.#bytes > mostBytes && this.#changes.length > 1)) this.#bytes -= this.#changes.shift()?.size ?? 0
  }

  /** Newest first; `after`: only those of a later clock. */
  rows(iso: (at: number) => string, after = -1): StorageChangeRow[] {
    const later = this.#changes.filter(({ clock }) => clock > after)
    return later.reverse().map(({ clock, now, by, slots, more }) => ({ clock, at: iso(now), by, slots, more }))
  }
}

const describe = (written: readonly WrittenSlot[], before: readonly (StorableText | null)[]): Pick<Change, 'slots' | 'more' | 'size'> => {
  const slots: Change['slots'] = []
  let size = 0
  for (const [index, { slot, text }] of written.entries()) {
    const row = changeOf(slot, before[index] ?? null, text)
    const bytes = sizeOf(row)
    if (size + bytes > mostBytes) continue
    slots.push(row)
    size += bytes
  }
  return { slots, more: written.length - slots.length, size }
}

const changeOf = (slot: string, before: StorableText | null, after: StorableText | null): StorageChangeRow['slots'][number] => ({
  slot,
  before: shorten(before),
  after: shorten(after),
  cut: isLong(before) || isLong(after),
})

const isLong = (text: string | null): boolean => text !== null && text.length > longestText

const shorten = (text: string | null): string | null => {
  if (text === null || text.length <= longestText) return text
  // A slice would keep the whole text alive, and half of a pair of surrogates is no text.
  return [text.slice(0, longestText - 1).replace(/[\uD800-\uDBFF]$/, ''), '…'].join('')
}

const sizeOf = ({ slot, before, after }: StorageChangeRow['slots'][number]): number => 2 * (slot.length + (before?.length ?? 0) + (after?.length ?? 0))
