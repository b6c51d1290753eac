import { errorCodes } from '@tessera/protocol'
import { goalPart, markdownTable } from '../lib/goals.mjs'
import { fitLine } from '../lib/least-squares.mjs'
import { formatNumber } from '../lib/stats.mjs'

const megabyte = 2 ** 20
/** Flat is what grows by no more than this share of it in a minute: 5% in twenty. */
const flatShare = 0.0025
/** Of the beginning, caches and compilers are still filling. */
const warmUpShare = 0.2
/** Samples that follow each other tell the same: they are joined for so long before a line is drawn through them. */
const joinSeconds = 15

/** @typedef {import('./run.mjs').Soaked} Soaked */
/** Megabytes, and megabytes a minute. @typedef {{ slope: number, error: number, mean: number }} Growth */

/** @param {Soaked} soaked */
export const summariseSoak = (soaked) => ({
  tree: growthOf(soaked, ({ server, others }) => server + others),
  server: growthOf(soaked, ({ server }) => server),
  untyped: Object.entries(soaked.whole.codes)
    .filter(([code]) => !(code in errorCodes))
    .reduce((sum, [, times]) => sum + times, 0),
})

/**
 * @param {Pick<Soaked, 'samples' | 'seconds'>} soaked
 * @param {(sample: import('./run.mjs').Sample) => number} pick
 * @returns {Growth}
 */
export const growthOf = ({ samples, seconds }, pick) => {
  const settled = samples.filter(({ at }) => at >= seconds * warmUpShare)
  /** @type {Map<number, { at: number, server: number, others: number }[]>} */
  const joined = new Map()
  for (const sample of settled) {
    const place = Math.floor(sample.at / joinSeconds)
    joined.set(place, [...(joined.get(place) ?? []), sample])
  }
  return fitLine(
    [...joined.values()].map((some) => ({
      x: some.reduce((sum, { at }) => sum + at, 0) / some.length / 60,
      y: some.reduce((sum, sample) => sum + pick(sample), 0) / some.length / megabyte,
    })),
  )
}

/**
 * Whether memory is flat, two errors to either side; null where these leave it open.
 * @param {Growth} growth
 */
export const isFlat = ({ slope, error, mean }) => {
  const most = mean * flatShare
  if (slope - 2 * error > most) return false
  return slope + 2 * error <= most ? true : null
}

/** @param {Soaked} soaked */
export const tableOfSoak = ({ stretches, stretchSeconds, samples }) =>
  markdownTable(
    ['from s', 'calls', 'answered', 'failed', 'never answered', 'p50 / p99 / max ms', 'server MB', 'isolates MB'],
    stretches.map(({ calls, answered, failed, codes, unanswered, p50, p99, max }, place) => {
      const own = samples.filter(({ at }) => Math.floor(at / stretchSeconds) === place)
      const mean = (/** @type {'server' | 'others'} */ part) => own.reduce((sum, sample) => sum + sample[part], 0) / own.length / megabyte
      return [
        formatNumber(place * stretchSeconds),
        `${calls}`,
        `${answered}`,
        failed === 0 ? '0' : `${failed} (${countsOf(codes)})`,
        `${unanswered}`,
        [p50, p99, max].map((value) => (value === null ? 'never' : formatNumber(value))).join(' / '),
        formatNumber(mean('server')),
        formatNumber(mean('others')),
      ]
    }),
  )

/** @param {Record<string, number>} codes */
export const countsOf = (codes) =>
  Object.entries(codes)
    .map(([code, times]) => `${code} ${times}`)
    .join(', ')

/**
 * @param {Soaked} soaked
 * @returns {import('../lib/goals.mjs').GoalPart[]}
 */
export const goalsOfSoak = (soaked) => {
  const { whole, lost, killed } = soaked
  const { tree, server, untyped } = summariseSoak(soaked)
  const none = (/** @type {string} */ what, /** @type {number} */ value, /** @type {string} */ unit) =>
    goalPart(what, { value: killed.length === 0 ? undefined : value, unit, holds: (count) => count === 0 })
  return [
    none('every call ends in a result or an error', whole.unanswered, ' never ended'),
    none('every error is typed', untyped, ' are not'),
    none('nobody loses a connection', lost, ' lost'),
    slopePart('memory of the whole tree is flat', tree),
    slopePart("memory of the server's own process is flat", server),
  ]
}

/**
 * @param {string} what
 * @param {Growth} growth
 * @returns {import('../lib/goals.mjs').GoalPart}
 */
const slopePart = (what, growth) => {
  const { slope, error, mean } = growth
  if (!Number.isFinite(slope)) return { what, met: null, why: 'too short' }
  const figures = `${formatNumber(slope)} ± ${formatNumber(error)} MB a minute of ${formatNumber(mean)} MB`
  const met = isFlat(growth)
  return { what: `${what}: ${figures}`, met, ...(met === null ? { why: 'the error is too great, soak longer' } : {}) }
}
