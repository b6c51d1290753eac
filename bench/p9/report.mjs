import { goalPart, markdownTable } from '../lib/goals.mjs'
import { formatSummary, summarise } from '../lib/stats.mjs'
import { noneSurvived } from '../p4/report.mjs'

const goals = { moreSeconds: 2, sessions: 10_000 }

/** @typedef {import('../lib/stats.mjs').Summary} Summary */
/** @typedef {{ variant: string, sessions: number, readyMs: Summary, firstMs: Summary, server: Summary, others: Summary }} Line */

/**
 * What the rounds amount to. `moreMs`: how much later the first client was in than on an empty server, inside each round.
 * @param {readonly import('./run.mjs').Row[]} rows
 */
export const summariseP9 = (rows) => {
  const journalled = rows.filter(({ variant }) => variant === 'journalled')
  const survived = journalled.some(({ back }) => back > 0)
  const more = journalled.flatMap(({ round, firstMs }) => {
    const empty = rows.find((row) => row.variant === 'empty' && row.round === round)
    return empty === undefined ? [] : [firstMs - empty.firstMs]
  })
  return {
    survived,
    sessions: journalled[0]?.sessions ?? 0,
    moreMs: survived ? summarise(more) : undefined,
    /** Of the sessions that were looked at, those that did not come back or did not hold what they had kept. */
    lost: journalled.reduce((sum, { looked, back, wrong }) => sum + looked - back + wrong, 0),
    looked: journalled.reduce((sum, { looked }) => sum + looked, 0),
    lines: ['empty', 'journalled'].map((variant) => lineOf(variant, rows)),
  }
}

/**
 * @param {string} variant
 * @param {readonly import('./run.mjs').Row[]} rows
 * @returns {Line}
 */
const lineOf = (variant, rows) => {
  const own = rows.filter((row) => row.variant === variant)
  const of = (/** @type {(row: import('./run.mjs').Row) => number | null} */ pick) => summarise(own.map((row) => pick(row) ?? Number.NaN))
  return {
    variant,
    sessions: variant === 'empty' ? 0 : (own[0]?.sessions ?? 0),
    readyMs: of(({ readyMs }) => readyMs),
    firstMs: of(({ firstMs }) => firstMs),
    server: of(({ server }) => (server === null ? null : server / 2 ** 20)),
    others: of(({ others }) => (others === null ? null : others / 2 ** 20)),
  }
}

/** @param {ReturnType<typeof summariseP9>} summary */
export const tableOfP9 = ({ lines, survived }) =>
  markdownTable(
    ['start with', 'ms to ready, median (min-max)', 'ms to first client in', 'server MB', 'isolates MB'],
    lines.map(({ variant, sessions, readyMs, firstMs, server, others }) => [
      variant === 'empty' ? 'nothing' : `${sessions.toLocaleString('en-US')} sessions of 2 KB`,
      formatSummary(readyMs),
      variant === 'empty' || survived ? formatSummary(firstMs) : 'refused',
      formatSummary(server),
      formatSummary(others),
    ]),
  )

/**
 * @param {ReturnType<typeof summariseP9>} summary
 * @returns {import('../lib/goals.mjs').GoalPart[]}
 */
export const goalsOfP9 = ({ survived, sessions, moreMs, lost, looked }) => {
  const seconds = moreMs !== undefined && sessions >= goals.sessions ? moreMs.median / 1000 : undefined
  const parts = [
    goalPart(`with 10,000 sessions the first client is in <= ${goals.moreSeconds} s later`, {
      value: seconds,
      unit: ' s',
      holds: (taken) => taken <= goals.moreSeconds,
    }),
    goalPart(`none lost of ${looked} looked at`, { value: survived ? lost : undefined, unit: ' lost', holds: (count) => count === 0 }),
  ]
  return survived ? parts : parts.map((part) => ({ ...part, why: noneSurvived }))
}
