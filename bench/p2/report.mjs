import { goalPart, markdownTable } from '../lib/goals.mjs'
import { formatNumber, quantile } from '../lib/stats.mjs'
import { faults } from './faults.mjs'

const goals = { p99: 2 }
/** @type {Readonly<Record<string, string>>} */
const titles = {
  tessera: 'Tessera, as shipped',
  'socket.io': 'socket.io, handler in-process',
  colyseus: 'Colyseus, a room',
  fastify: 'fastify, HTTP keep-alive',
}

/** @typedef {import('./run.mjs').Row} Row */

/** Least, median and most; a round in which it is never is longer than any other. @typedef {{ median: number, min: number, max: number }} Spread */

/**
 * @typedef {object} Line one peer under one fault
 * @property {string} peer
 * @property {string} fault
 * @property {Spread} before p99 in milliseconds, infinite where one call in a hundred or more failed or was not answered
 * @property {Spread} during
 * @property {Spread | null} after null where no round had any
 * @property {Spread} ratio of during to before, inside each round
 * @property {number} failed the most of any round, as are `unanswered` and `lost`; counted from the fault on
 * @property {number} unanswered
 * @property {number} lost
 * @property {number} stopped in how many rounds
 * @property {number} rounds
 * @property {Record<string, number>} codes of the calls that failed, in all rounds
 * @property {readonly string[]} culprits what became of the culprit's call, round by round
 * @property {readonly string[]} named what the console told, where it did
 * @property {number} loadLate
 */

/**
 * @param {readonly Row[]} rows
 * @returns {Line[]}
 */
export const summariseP2 = (rows) => {
  const keys = [...new Set(rows.map(({ fault, variant }) => JSON.stringify([fault, variant])))]
  return keys.map((key) => {
    const [fault, peer] = /** @type {[string, string]} */ (JSON.parse(key))
    return lineOf(
      rows.filter((row) => row.fault === fault && row.variant === peer),
      { fault, peer },
    )
  })
}

/**
 * @param {readonly Row[]} own
 * @param {{ fault: string, peer: string }} what
 * @returns {Line}
 */
const lineOf = (own, what) => {
  const most = (/** @type {(row: Row) => number} */ pick) => Math.max(...own.map(pick))
  const after = own.flatMap((row) => (row.after === null ? [] : [p99Of(row.after)]))
  return {
    ...what,
    before: spreadOf(own.map(({ before }) => p99Of(before))),
    during: spreadOf(own.map(({ during }) => p99Of(during))),
    after: after.length === 0 ? null : spreadOf(after),
    ratio: spreadOf(own.map(({ before, during }) => p99Of(during) / p99Of(before))),
    failed: most(({ during, after }) => during.failed + (after?.failed ?? 0)),
    unanswered: most(({ during, after }) => during.unanswered + (after?.unanswered ?? 0)),
    lost: most(({ lost }) => lost),
    stopped: own.filter(({ stopped }) => stopped).length,
    rounds: own.length,
    codes: addUp(own.flatMap(({ during, after }) => [during.codes, after?.codes ?? {}])),
    culprits: own.map(({ culprit }) => culprit),
    named: own.flatMap(({ named }) => (named === null ? [] : [`${named.how}, after ${formatNumber(named.afterMs / 1000)} s`])),
    loadLate: most(({ loadLate }) => loadLate),
  }
}

/** @param {import('../lib/call-book.mjs').Stretch} stretch */
const p99Of = ({ p99 }) => p99 ?? Number.POSITIVE_INFINITY

/**
 * @param {readonly number[]} values
 * @returns {Spread}
 */
const spreadOf = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  // Between two of which one is infinite there is nothing but infinity.
  const median = sorted.some((value) => !Number.isFinite(value)) ? (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) : quantile(sorted, 0.5)
  return { median, min: sorted[0] ?? Number.NaN, max: sorted[sorted.length - 1] ?? Number.NaN }
}

/** @param {readonly Record<string, number>[]} counts */
const addUp = (counts) => {
  /** @type {Record<string, number>} */
  const sums = {}
  for (const count of counts) for (const [code, times] of Object.entries(count)) sums[code] = (sums[code] ?? 0) + times
  return sums
}

/**
 * The peers under one fault.
 * @param {readonly Line[]} lines
 */
export const tableOfP2 = (lines) =>
  markdownTable(
    [
      'peer',
      "others' p99 ms before, median (min-max)",
      'during',
      'after',
      'during / before',
      'calls failed',
      'never answered',
      'connections lost',
      'the culprit',
    ],
    lines.map((line) => [
      titles[line.peer] ?? line.peer,
      textOf(line.before),
      textOf(line.during),
      line.stopped > 0 ? `stopped: ${line.unanswered.toLocaleString('en-US')} calls never answered` : textOf(line.after),
      textOf(line.ratio),
      line.failed === 0 ? '0' : `${line.failed} (${Object.keys(line.codes).join(', ')})`,
      line.unanswered.toLocaleString('en-US'),
      `${line.lost}`,
      [...new Set([...line.culprits.map((culprit) => `its call: ${culprit}`), ...line.named])].join('; '),
    ]),
  )

/** @param {Spread | null} spread */
const textOf = (spread) => (spread === null ? '-' : `${never(spread.median)} (${never(spread.min)}-${never(spread.max)})`)

/** @param {number} value */
const never = (value) => (value === Number.POSITIVE_INFINITY ? 'never' : formatNumber(value))

/**
 * Of Tessera, fault by fault.
 * @param {readonly Line[]} lines
 * @returns {import('../lib/goals.mjs').GoalPart[]}
 */
export const goalsOfP2 = (lines) =>
  lines
    .filter(({ peer }) => peer === 'tessera')
    .flatMap(({ fault, ratio, lost, named, rounds }) => {
      const title = faults[fault]?.title ?? fault
      const missed = ratio.median === Number.POSITIVE_INFINITY
      return [
        missed
          ? { what: `${title}: others' p99 <= ${goals.p99}x undisturbed: never`, met: false }
          : goalPart(`${title}: others' p99 <= ${goals.p99}x undisturbed`, { value: ratio.median, unit: 'x', holds: (times) => times <= goals.p99 }),
        goalPart('nobody else loses a connection', { value: lost, unit: ' lost', holds: (count) => count === 0 }),
        { what: `the culprit is named in ${named.length} of ${rounds}`, met: named.length === rounds },
      ]
    })
