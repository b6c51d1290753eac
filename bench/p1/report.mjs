import { judge } from '../lib/goals.mjs'
import { formatNumber, formatSummary, quantile, ratiosInRounds, summarise } from '../lib/stats.mjs'
import { basePeer, peers } from './peers.mjs'

const goals = { cpu: 1.3, rate: 0.85 }
const mustBeAheadOf = ['fastify', 'trpc']

/** @typedef {import('../lib/stats.mjs').Summary} Summary */

/**
 * @typedef {object} Line
 * @property {string} peer
 * @property {Summary} rate
 * @property {Summary} cpu
 * @property {Summary | undefined} cpuRatio
 * @property {Summary | undefined} rateRatio
 * @property {Summary | undefined} cpuOfTessera relative to Tessera's, inside each round, as is `rateOfTessera`
 * @property {Summary | undefined} rateOfTessera
 * @property {number} p50
 * @property {number} p99
 */

/**
 * What the rounds of one depth amount to, peer by peer.
 * @param {readonly import('./run.mjs').Row[]} rows
 * @returns {Line[]}
 */
export const summariseP1 = (rows) => {
  const plain = rows.map((row) => ({ ...row }))
  const cpuRatios = ratiosInRounds(plain, 'cpu', basePeer)
  const rateRatios = ratiosInRounds(plain, 'rate', basePeer)
  const cpuOfTessera = ratiosInRounds(plain, 'cpu', 'tessera')
  const rateOfTessera = ratiosInRounds(plain, 'rate', 'tessera')
  return [...new Set(rows.map(({ variant }) => variant))].map((peer) => {
    const own = rows.filter(({ variant }) => variant === peer)
    return {
      peer,
      rate: summarise(own.map(({ rate }) => rate)),
      cpu: summarise(own.map(({ cpu }) => cpu ?? Number.NaN)),
      cpuRatio: cpuRatios.get(peer),
      rateRatio: rateRatios.get(peer),
      cpuOfTessera: cpuOfTessera.get(peer),
      rateOfTessera: rateOfTessera.get(peer),
      p50: quantile(
        own.map(({ p50 }) => p50),
        0.5,
      ),
      p99: quantile(
        own.map(({ p99 }) => p99),
        0.5,
      ),
    }
  })
}

/** @param {readonly Line[]} lines */
export const tableOf = (lines) =>
  [
    `| peer | calls/s median (min-max) | server CPU ms per 1k calls | CPU vs ${basePeer} | rate vs ${basePeer} | p50 / p99 ms |`,
    '|---|---|---|---|---|---|',
    ...lines.map(
      ({ peer, rate, cpu, cpuRatio, rateRatio, p50, p99 }) =>
        `| ${peers[peer]?.title ?? peer} | ${formatSummary(rate)} | ${formatSummary(cpu)} | ${formatSummary(cpuRatio)} | ${formatSummary(rateRatio)} | ${formatNumber(p50)} / ${formatNumber(p99)} |`,
    ),
  ].join('\n')

/**
 * Whether the goal of P1 is met, part by part; a part that could not be measured is null.
 * @param {readonly Line[]} lines
 */
export const goalsOf = (lines) => {
  const line = (/** @type {string} */ name) => lines.find(({ peer }) => peer === name)
  const tessera = line('tessera')
  const cpu = tessera?.cpuRatio?.median
  const rate = tessera?.rateRatio?.median
  const ahead = mustBeAheadOf.flatMap((name) => {
    const other = line(name)
    if (other === undefined || tessera === undefined) return []
    return [
      { what: `less CPU than ${name}`, met: judge(other.cpuOfTessera?.median, (ratio) => ratio > 1) },
      { what: `more calls a second than ${name}`, met: judge(other.rateOfTessera?.median, (ratio) => ratio < 1) },
    ]
  })
  return [
    { what: `CPU <= ${goals.cpu}x of ${basePeer}: ${formatNumber(cpu ?? Number.NaN)}x`, met: judge(cpu, (value) => value <= goals.cpu) },
    { what: `rate >= ${goals.rate}x of ${basePeer}: ${formatNumber(rate ?? Number.NaN)}x`, met: judge(rate, (value) => value >= goals.rate) },
    ...ahead,
  ]
}
