import { goalPart, markdownTable } from '../lib/goals.mjs'
import { formatNumber, formatSummary, ratiosInRounds, summarise } from '../lib/stats.mjs'
import { noneSurvived } from '../p4/report.mjs'
import { stores } from './stores.mjs'

const basePeer = 'redis-everysec'

/** @typedef {import('../lib/stats.mjs').Summary} Summary */

/**
 * @typedef {object} Line one store in one cell
 * @property {string} store
 * @property {number} bytes
 * @property {number} writers
 * @property {Summary} rate
 * @property {Summary} cpu
 * @property {Map<string, Summary>} rateTo to each store, inside each round
 * @property {number} p50
 * @property {number} p99
 */

/**
 * @param {readonly import('./run.mjs').Row[]} rows
 * @returns {Line[]}
 */
export const summariseP6 = (rows) => {
  const cells = [...new Map(rows.map(({ bytes, writers }) => [`${bytes} ${writers}`, { bytes, writers }])).values()]
  return cells.flatMap(({ bytes, writers }) => {
    const own = rows.filter((row) => row.bytes === bytes && row.writers === writers)
    const names = [...new Set(own.map(({ variant }) => variant))]
    const ratios = new Map(
      names.map((base) => [
        base,
        ratiosInRounds(
          own.map((row) => ({ ...row })),
          'rate',
          base,
        ),
      ]),
    )
    return names.map((store) =>
      lineFor(
        { store, bytes, writers },
        own.filter(({ variant }) => variant === store),
        ratios,
      ),
    )
  })
}

/**
 * @param {{ store: string, bytes: number, writers: number }} which
 * @param {readonly import('./run.mjs').Row[]} own
 * @param {ReadonlyMap<string, Map<string, Summary>>} ratios by base, then by store
 * @returns {Line}
 */
const lineFor = (which, own, ratios) => ({
  ...which,
  rate: summarise(own.map(({ rate }) => rate)),
  cpu: summarise(own.map(({ cpu }) => cpu ?? Number.NaN)),
  rateTo: new Map(
    [...ratios].flatMap(([base, ofStores]) => {
      const ratio = ofStores.get(which.store)
      return ratio === undefined ? [] : [[base, ratio]]
    }),
  ),
  p50: summarise(own.map(({ p50 }) => p50)).median,
  p99: summarise(own.map(({ p99 }) => p99)).median,
})

/**
 * @param {readonly Line[]} lines
 * @param {readonly import('./run.mjs').ReadBack[]} readBacks
 */
export const tableOfP6 = (lines, readBacks) =>
  markdownTable(
    ['document, writers', 'store', 'changes/s median (min-max)', 'CPU ms per 1k changes', 'rate vs redis everysec', 'rate vs redis always', 'p50 / p99 ms'],
    lines.map(({ store, bytes, writers, rate, cpu, rateTo, p50, p99 }) => [
      `${bytes} B, ${writers}`,
      titleOf({ store, bytes }, readBacks),
      formatSummary(rate),
      formatSummary(cpu),
      formatSummary(rateTo.get(basePeer)),
      formatSummary(rateTo.get('redis-always')),
      `${formatNumber(p50)} / ${formatNumber(p99)}`,
    ]),
  )

/**
 * Says of a store that did not keep what it calls durable that it did less work than the others.
 * @param {Pick<Line, 'store' | 'bytes'>} which
 * @param {readonly import('./run.mjs').ReadBack[]} readBacks
 */
const titleOf = ({ store, bytes }, readBacks) => {
  const { title, survives } = stores[store] ?? { title: store, survives: 'no' }
  const lost = readBacks.some((one) => one.variant === store && one.bytes === bytes && one.lost > 0)
  return lost && survives === 'power cut' ? `${title} (NOT KEPT)` : title
}

/**
 * What each store still held after it was killed.
 * @param {Pick<import('./run.mjs').Result, 'readBacks' | 'absent' | 'fsyncUs'>} result
 */
export const readBackTable = ({ readBacks, absent, fsyncUs }) =>
  [
    markdownTable(
      ['store', 'document', 'says it survives', 'acknowledged lines', 'gone after kill -9', 'MB on disk'],
      readBacks.map(({ variant, bytes, lines, lost, disk }) => [
        stores[variant]?.title ?? variant,
        `${bytes} B`,
        stores[variant]?.survives ?? '',
        String(lines),
        String(lost),
        formatNumber(disk / 2 ** 20),
      ]),
    ),
    `\nfdatasync of 4 KiB where these files are: ${formatSummary(fsyncUs)} us`,
    ...absent.map((name) => `${stores[name]?.title ?? name}: not measured, for there is no redis-server here`),
  ].join('\n')

/** @type {readonly { bytes: number, writers: number, base: string, least: number }[]} */
const goals = [
  { bytes: 10_000, writers: 64, base: 'redis-everysec', least: 10 },
  { bytes: 10_000, writers: 64, base: 'redis-always', least: 18 },
  { bytes: 200, writers: 64, base: 'redis-everysec', least: 1 },
  { bytes: 200, writers: 64, base: 'redis-always', least: 1.8 },
  { bytes: 200, writers: 1, base: 'redis-always', least: 1 },
]

/**
 * Whoever lost what it acknowledged as durable is not measured: it did less work.
 * @param {readonly Line[]} lines
 * @param {readonly import('./run.mjs').ReadBack[]} readBacks
 * @returns {import('../lib/goals.mjs').GoalPart[]}
 */
export const goalsOfP6 = (lines, readBacks) => {
  const own = readBacks.filter(({ variant }) => variant === 'tessera')
  const lost = own.reduce((sum, one) => sum + one.lost, 0)
  const all = own.reduce((sum, one) => sum + one.lines, 0)
  const why = lost === 0 ? undefined : lost === all ? noneSurvived : `${lost} of ${all} acknowledged lines were gone`
  const parts = goals.map(({ bytes, writers, base, least }) => {
    const line = lines.find((one) => one.store === 'tessera' && one.bytes === bytes && one.writers === writers)
    const value = why === undefined ? line?.rateTo.get(base)?.median : undefined
    return goalPart(`${bytes} B, ${writers} writing: >= ${least}x ${base}`, { value, unit: 'x', holds: (ratio) => ratio >= least })
  })
  return why === undefined ? parts : parts.map((part) => ({ ...part, why }))
}
