import { goalPart, markdownTable } from '../lib/goals.mjs'
import { formatSummary, summarise } from '../lib/stats.mjs'

const basePeer = 'socket.io'
const kilobyte = 1024
const megabyte = 2 ** 20
const goals = { moreKilobytes: 4, serverMegabytes: 300, sessions: 10_000 }
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
 * @property {Summary} stood
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
      stood: of(({ stood }) => stood),
      others: of(({ others }) => others),
    }
  })

/** @param {readonly Line[]} lines */
export const tableOfP3 = (lines) =>
  markdownTable(
    [
      'peer',
      'server KB a session, median (min-max)',
      `KB more than ${basePeer}`,
      'server MB',
      'before garbage was collected',
      'isolates KB a session',
      'isolates MB',
    ],
    lines.map(({ peer, each, more, server, stood, othersEach, others }) => [
      titles[peer] ?? peer,
      formatSummary(scaled(each, kilobyte)),
      formatSummary(scaled(more, kilobyte)),
      formatSummary(scaled(server, megabyte)),
      formatSummary(scaled(stood, megabyte)),
      peer === 'tessera' ? formatSummary(scaled(othersEach, kilobyte)) : '-',
      peer === 'tessera' ? formatSummary(scaled(others, megabyte)) : '-',
    ]),
  )

/** @param {readonly Line[]} lines */
export const goalsOfP3 = (lines) => {
  const tessera = lines.find(({ peer }) => peer === 'tessera')
  const full = tessera !== undefined && tessera.sessions >= goals.sessions
  const more = scaled(tessera?.more, kilobyte)?.median
  const server = full ? scaled(tessera.server, megabyte)?.median : undefined
  return [
    goalPart(`server RSS of a session <= ${basePeer} + ${goals.moreKilobytes} KB`, {
      value: more,
      unit: ' KB more',
      holds: (kilobytes) => kilobytes <= goals.moreKilobytes,
    }),
    goalPart(`server at 10,000 sessions <= ${goals.serverMegabytes} MB`, {
      value: server,
      unit: ' MB',
      holds: (megabytes) => megabytes <= goals.serverMegabytes,
    }),
  ]
}

/** @param {Summary | undefined} summary @param {number} by @returns {Summary | undefined} */
const scaled = (summary, by) => summary && { median: summary.median / by, min: summary.min / by, max: summary.max / by, count: summary.count }
