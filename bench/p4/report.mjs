import { goalPart, markdownTable } from '../lib/goals.mjs'
import { formatSummary, ratiosInRounds, summarise } from '../lib/stats.mjs'

const basePeer = 'socket.io'
const goals = { rate: 0.6, backSeconds: 30, sessions: 10_000 }
/** @type {Readonly<Record<string, string>>} */
const titles = { tessera: 'Tessera, resume tokens', 'socket.io': 'socket.io, connects anew' }
export const noneSurvived = 'sessions do not survive a restart'

/** @typedef {import('../lib/stats.mjs').Summary} Summary */

/**
 * @typedef {object} Line
 * @property {string} peer
 * @property {number} sessions
 * @property {number} lost in all rounds, those without what they held included
 * @property {Record<string, number>} refused
 * @property {boolean} survived whether anybody came back
 * @property {Summary} rate
 * @property {Summary | undefined} rateRatio
 * @property {Summary} cpu
 * @property {Summary} startMs
 * @property {Summary} backMs
 */

/**
 * @param {readonly import('./run.mjs').Row[]} rows
 * @returns {Line[]}
 */
export const summariseP4 = (rows) => {
  const ratios = ratiosInRounds(
    rows.filter(({ back }) => back > 0).map((row) => ({ ...row })),
    'rate',
    basePeer,
  )
  return [...new Set(rows.map(({ variant }) => variant))].map((peer) => {
    const own = rows.filter(({ variant }) => variant === peer)
    /** @type {Record<string, number>} */
    const refused = {}
    for (const row of own) for (const [why, count] of Object.entries(row.refused)) refused[why] = (refused[why] ?? 0) + count
    return {
      peer,
      sessions: own[0]?.sessions ?? 0,
      lost: own.reduce((sum, { sessions, back, wrong }) => sum + sessions - back + wrong, 0),
      refused,
      survived: own.some(({ back }) => back > 0),
      rate: summarise(own.map(({ rate }) => rate)),
      rateRatio: ratios.get(peer),
      cpu: summarise(own.map(({ cpu }) => cpu ?? Number.NaN)),
      startMs: summarise(own.map(({ startMs }) => startMs)),
      backMs: summarise(own.map(({ backMs }) => backMs)),
    }
  })
}

/** @param {readonly Line[]} lines */
export const tableOfP4 = (lines) =>
  markdownTable(
    ['peer', 'clients/s median (min-max)', `rate vs ${basePeer}`, 'server CPU ms per 1k clients', 'ms to let clients in', 'ms to all back', 'lost'],
    lines.map(({ peer, rate, rateRatio, cpu, startMs, backMs, lost, refused, survived }) => {
      const why = Object.entries(refused)
        .map(([code, count]) => `${code} ${count}`)
        .join(', ')
      const measured = (/** @type {Summary | undefined} */ summary) => (survived ? formatSummary(summary) : '-')
      return [
        titles[peer] ?? peer,
        measured(rate),
        measured(rateRatio),
        measured(cpu),
        formatSummary(startMs),
        measured(backMs),
        why === '' ? String(lost) : `${lost} (${why})`,
      ]
    }),
  )

/**
 * @param {readonly Line[]} lines
 * @returns {import('../lib/goals.mjs').GoalPart[]}
 */
export const goalsOfP4 = (lines) => {
  const tessera = lines.find(({ peer }) => peer === 'tessera')
  const survived = tessera?.survived === true ? tessera : undefined
  const seconds = survived !== undefined && survived.sessions >= goals.sessions ? survived.backMs.median / 1000 : undefined
  const parts = [
    goalPart(`rate >= ${goals.rate}x of ${basePeer}`, { value: survived?.rateRatio?.median, unit: 'x', holds: (ratio) => ratio >= goals.rate }),
    goalPart(`10,000 back in <= ${goals.backSeconds} s`, { value: seconds, unit: ' s', holds: (taken) => taken <= goals.backSeconds }),
    goalPart('none lost', { value: survived?.lost, unit: ' lost', holds: (lost) => lost === 0 }),
  ]
  return tessera?.survived === false ? parts.map((part) => ({ ...part, why: noneSurvived })) : parts
}
