import type { StorableText } from '@tessera/protocol'
import type { SessionId } from '../ids.ts'

/** A slot's new value; null: the slot is removed. */
export type SlotChange = readonly [slot: string, text: StorableText | null]

/**
 * What changed in a document between two clocks. Values are whole slots, so a delta may be applied by any replica whose
 * clock is at or after `from`. `reset`: forget everything first, `changes` is the whole document.
 */
export interface Delta {
  from: number
  clock: number
  changes: readonly SlotChange[]
  reset?: boolean
}

export interface StorageSeed {
  clock: number
  slots: readonly (readonly [slot: string, text: StorableText])[]
}

export interface CommitRequest {
  sessionId: SessionId
  /** The clock of the document that the recipe saw. */
  base: number
  /** Slots that the recipe read or wrote: the commit wins when none of them changed after `base`. */
  touched: readonly string[]
  changes: readonly SlotChange[]
  /** Given by `storage.turn`: nobody else wins while it lasts. */
  turn?: number
}

/** Rule T1: won or lost, `since` carries everything that changed after the caller's base, its own change included. */
export interface CommitReply {
  won: boolean
  since: Delta
}
