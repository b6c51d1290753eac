import type { ActResult, SessionRow } from '@tessera/protocol'

/** States in which nobody is at the other end. */
const awayStates = ['postponed', 'sleeping', 'unreachable'] as const
export type AwayState = (typeof awayStates)[number]

export interface BlastRadius {
  sessions: number
  /** Distinct user names, those with most sessions first. */
  users: readonly { name: string; sessions: number }[]
  versions: readonly { id: string; outdated: boolean; sessions: number }[]
  licences: number
  processes: number
  /** Whose client is away now: how many in each state, and their names. */
  away: { states: readonly { state: AwayState; sessions: number }[]; names: readonly string[]; sessions: number }
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
    away: measureAway(known),
    refused: dryRun.results.flatMap(({ id, error }) => (error === undefined ? [] : [{ id, name: byId.get(id)?.userName ?? id, ...error }])),
  }
}

const measureAway = (rows: readonly SessionRow[]): BlastRadius['away'] => {
  const away = rows.filter(({ state }) => awayStates.some((one) => one === state))
  const states = awayStates.map((state) => ({ state, sessions: away.filter((row) => row.state === state).length })).filter(({ sessions }) => sessions > 0)
  return { states, names: [...new Set(away.map(({ userName }) => userName))], sessions: away.length }
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
