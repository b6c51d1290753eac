import { goalPart, markdownTable } from '../lib/goals.mjs'
import { formatSummary, summarise } from '../lib/stats.mjs'

const goals = { times: 1.1, sessions: 10_000 }
const kilobyte = 1024
const megabyte = 2 ** 20

/** @typedef {import('../lib/stats.mjs').Summary} Summary */
/** @typedef {import('./run.mjs').Row} Row */
/** @typedef {{ sessions: number, rate: Summary, cpu: Summary, idleCpu: Summary, each: Summary, residentEach: Summary, othersEach: Summary, server: Summary }} Line */

/**
 * What the rounds amount to, and how much more the most sessions cost than the fewest, inside each round.
 * @param {readonly Row[]} rows
 * @returns {{ lines: Line[], cpuGrowth: Summary | null, memoryGrowth: Summary | null }}
 */
export const summariseP10 = (rows) => {
  const lines = [...new Set(rows.map(({ sessions }) => sessions))].sort((a, b) => a - b).map((sessions) => lineOf(sessions, rows))
  return { lines, cpuGrowth: growthOf(rows, 'cpu'), memoryGrowth: growthOf(rows, 'each') }
}

/**
 * @param {number} sessions
 * @param {readonly Row[]} rows
 * @returns {Line}
 */
const lineOf = (sessions, rows) => {
  const own = rows.filter((row) => row.sessions === sessions)
  const of = (/** @type {(row: Row) => number | null} */ pick) => summarise(own.map((row) => pick(row) ?? Number.NaN))
  const scaled = (/** @type {(row: Row) => number | null} */ pick, /** @type {number} */ by) =>
    of((row) => {
      const value = pick(row)
      return value === null ? null : value / by
    })
  return {
    sessions,
    rate: of(({ rate }) => rate),
    cpu: of(({ cpu }) => cpu),
    idleCpu: of(({ idleCpu }) => idleCpu),
    each: scaled(({ each }) => each, kilobyte),
    residentEach: scaled(({ residentEach }) => residentEach, kilobyte),
    othersEach: scaled(({ othersEach }) => othersEach, kilobyte),
    server: scaled(({ server }) => server, megabyte),
  }
}

/**
 * Of the largest size relative to the smallest that was measured.
 * @param {readonly Row[]} rows
 * @param {'cpu' | 'each'} metric
 */
const growthOf = (rows, metric) => {
  const ratios = [...new Set(rows.map(({ round }) => round))].flatMap((round) => {
    const measured = rows.filter((row) => row.round === round && row[metric] !== null).sort((a, b) => a.sessions - b.sessions)
    const [few, many] = [measured[0]?.[metric], measured.at(-1)?.[metric]]
    return measured.length < 2 || !few || !many ? [] : [many / few]
  })
  return ratios.length === 0 ? null : summarise(ratios)
}

/** @param {ReturnType<typeof summariseP10>} summary */
export const tableOfP10 = ({ lines }) =>
  markdownTable(
    [
      'sessions',
      'server CPU ms per 1k calls, median (min-max)',
      'calls/s',
      'CPU ms/s while nobody calls',
      'heap KB a session',
      'resident KB a session',
      'isolates KB a session',
      'server MB',
    ],
    lines.map(({ sessions, cpu, rate, idleCpu, each, residentEach, othersEach, server }) => [
      sessions.toLocaleString('en-US'),
      ...[cpu, rate, idleCpu, each, residentEach, othersEach, server].map(formatSummary),
    ]),
  )

/**
 * @param {ReturnType<typeof summariseP10>} summary
 * @returns {import('../lib/goals.mjs').GoalPart[]}
 */
export const goalsOfP10 = ({ lines, cpuGrowth, memoryGrowth }) => {
  const full = (lines.at(-1)?.sessions ?? 0) >= goals.sessions
  const part = (/** @type {string} */ what, /** @type {Summary | null} */ growth) => ({
    ...goalPart(`${what} at 10,000 sessions <= ${goals.times}x of fewest`, {
      value: full ? growth?.median : undefined,
      unit: 'x',
      holds: (times) => times <= goals.times,
    }),
    ...(full ? {} : { why: 'fewer sessions' }),
  })
  return [part('CPU of a call', cpuGrowth), part('bytes of a session', memoryGrowth)]
}
