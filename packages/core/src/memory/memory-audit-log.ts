import type { AuditRow } from '@tessera/protocol'
import type { AuditLog } from '../ports/audit-log.ts'

/** An audit log that lives as long as this object. */
export class MemoryAuditLog implements AuditLog {
  readonly #rows: AuditRow[] = []

  async append(entry: Omit<AuditRow, 'number'>): Promise<void> {
    this.#rows.push({ ...entry, number: this.#rows.length + 1 })
  }

  async list(options: { limit: number; before: number | null }): Promise<readonly AuditRow[]> {
    const end = options.before === null ? this.#rows.length : Math.max(0, options.before - 1)
    const rows = this.#rows.slice(0, end).reverse()
    return rows.slice(0, Math.max(0, options.limit)).map((row) => ({ ...row }))
  }
}
