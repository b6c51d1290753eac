import type { SessionQuery, SessionRow } from '@tessera/protocol'
import type { ActTarget } from '../../../src/acts/acts.ts'
import type { Selection } from '../../../src/table/selection.ts'

export const targetOf = (selection: Selection<SessionRow, SessionQuery>): ActTarget | null => {
  if (selection.matching !== null) return { kind: 'matching', query: selection.matching }
  return selection.rows.size === 0 ? null : { kind: 'rows', rows: [...selection.rows.values()] }
}
