import type { JournalDamage } from '@tessera/core'

/** Reads what the head of a journal says was left out. */
export const parseDamage = (kept: string | null): JournalDamage | null => (kept === null ? null : (JSON.parse(kept) as JournalDamage))
