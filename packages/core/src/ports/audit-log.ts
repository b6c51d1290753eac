import type { AuditRow } from '@tessera/protocol'

/** The record of every administrative act. Append-only. */
export interface AuditLog {
  append(entry: Omit<AuditRow, 'number'>): Promise<void>
  /** Newest first; `before`: only numbers below it. */
  list(options: { limit: number; before: number | null }): Promise<readonly AuditRow[]>
}
