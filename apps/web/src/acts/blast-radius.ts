import type { ActResult, SessionRow } from '@tessera/protocol'

export interface BlastRadius {
  sessions: number
  /** Distinct user names, those with most sessions first. */
  users: readonly { name: string; sessions: number }[]
  versions: readonly { id: string; outdated: boolean; sessions: number }[]
  licences: number
  processes: number
  unreachable: number
  /** Who would be refused, and why. */
  refused: readonly { id: string; name: string; code: string; message: string }[]
}

/** What an act would touch: the server's dry run says who, the rows say what is known of them. */
export const measureBlast = (rows: readonly SessionRow[], dryRun: ActResult): BlastRadius => {
  const byId = new Map(rows.map((row) => [row.id, row]))
  const touched = dryRun.results.filter(({ ok }) => ok)
  const known = touched.map(({ id }) => byId.get(id)).filter((row) => row !== undefined)
  return {
    sessions: touched.length,
    users: tally(known, ({ userName }) => userName).map(([name, of]) => ({ name, sessions: of.length })),
    versions: tally(known, ({ version }) => version.id).map(([id, of]) => ({ id, outdated: of.some(({ version }) => version.outdated), sessions: of.length })),
    licences: known.filter(({ counted }) => counted).length,
    processes: known.reduce((sum, { processes }) => sum + processes, 0),
    unreachable: known.filter(({ state }) => state === 'unreachable').length,
    refused: dryRun.results.flatMap(({ id, error }) => (error === undefined ? [] : [{ id, name: byId.get(id)?.userName ?? id, ...error }])),
  }
}

const tally = (rows: readonly SessionRow[], keyOf: (row: SessionRow) => string): [string, SessionRow[]][] => {
  const groups = new Map<string, SessionRow[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return [...groups].sort(([, a], [, b]) => b.length - a.length)
}
