import { goalPart, markdownTable } from '../lib/goals.mjs'
import { formatSummary, summarise } from '../lib/stats.mjs'

const basePeer = 'socket.io'
const goals = { moreThanBare: 4096, serverBytes: 300 * 2 ** 20, sessions: 10_000 }
/** @type {Readonly<Record<string, string>>} */
const titles = { tessera: 'Tessera, as shipped', 'socket.io': 'socket.io, bare connection', ws: 'bare ws' }

/** @typedef {import('../lib/stats.mjs').Summary} Summary */

/**
 * @typedef {object} Line
 * @property {string} peer
 * @property {number} sessions
 * @property {Summary} each bytes for one session, of the server's own process
 * @property {Summary | undefined} more bytes above the bare connection, inside each round
 * @property {Summary} othersEach
 * @property {Summary} server
 * @property {Summary} others
 */

/**
 * @param {readonly import('./run.mjs').Row[]} rows
 * @returns {Line[]}
 */
export const summariseP3 = (rows) =>
  [...new Set(rows.map(({ variant }) => variant))].map((peer) => {
    const own = rows.filter(({ variant }) => variant === peer)
    const of = (/** @type {(row: import('./run.mjs').Row) => number | null} */ pick) => summarise(own.map((row) => pick(row) ?? Number.NaN))
    const more = own.flatMap(({ round, each }) => {
      const base = rows.find((row) => row.variant === basePeer && row.round === round)?.each ?? null
      return each === null || base === null ? [] : [each - base]
    })
    return {
      peer,
      sessions: own[0]?.sessions ?? 0,
      each: of(({ each }) => each),
      more: more.length === 0 ? undefined : summarise(more),
      othersEach: of(({ othersEach }) => othersEach),
      server: of(({ server }) => server),
      others: of(({ others }) => others),
    }
  })

/** @param {readonly Line[]} lines */
export const tableOfP3 = (lines) =>
  markdownTable(
    ['peer', 'server KB a session, median (min-max)', `KB more than ${basePeer}`, 'server MB', 'isolates KB a session', 'isolates MB'],
    lines.map(({ peer, each, more, server, othersEach, others }) => [
      titles[peer] ?? peer,
      formatSummary(scaled(each, 1024)),
      formatSummary(scaled(more, 1024)),
      formatSummary(scaled(server, 2 ** 20)),
      peer === 'tessera' ? formatSummary(scaled(othersEach, 1024)) : '-',
      peer === 'tessera' ? formatSummary(scaled(others, 2 ** 20)) : '-',
    ]),
  )

/** @param {readonly Line[]} lines */
export const goalsOfP3 = (lines) => {
  const tessera = lines.find(({ peer }) => peer === 'tessera')
  const full = tessera !== undefined && tessera.sessions >= goals.sessions
  return [
    goalPart(`server RSS of a session <= ${basePeer} + 4 KB: + {} KB`, scaled(tessera?.more, 1024)?.median, (more) => more * 1024 <= goals.moreThanBare),
    goalPart(
      `server at 10,000 sessions <= 300 MB: {} MB`,
      full ? scaled(tessera.server, 2 ** 20)?.median : undefined,
      (megabytes) => megabytes * 2 ** 20 <= goals.serverBytes,
    ),
  ]
}

/** @param {Summary | undefined} summary @param {number} by @returns {Summary | undefined} */
const scaled = (summary, by) => summary && { median: summary.median / by, min: summary.min / by, max: summary.max / by, count: summary.count }
