import type { RefusalCode } from './journal-refused.ts'

/** Appends that are kept together. Flat, because one array of texts crosses between threads far faster than many small objects. */
export interface JournalGroup {
  /** Session, part and text of each entry; part null forgets the session. */
  fields: readonly (string | null)[]
  /** How many entries each append has. */
  sizes: readonly number[]
}

/** What a thread that keeps a journal is asked; each is answered before the next is sent. */
export type JournalOrder =
  /** `at` names a damaged file that is put aside. */
  { type: 'load'; at: string } | ({ type: 'keep' } & JournalGroup) | { type: 'close' }

export type JournalReply =
  /** By session its name, how many parts, and their names and texts. `damage` as JSON. */
  | { type: 'loaded'; fields: readonly (string | number)[]; damage: string | null }
  | { type: 'kept' }
  | { type: 'closed' }
  | { type: 'failed'; code: RefusalCode | null; message: string }
  /** Nobody asked for this: folding failed, and is tried again after the next group. */
  | { type: 'unfolded'; message: string }
