/** @typedef {{ median: number, min: number, max: number, count: number }} Summary */

/**
 * The value below which a share of the values lies, between two neighbours in proportion; NaN where there are none.
 * @param {Iterable<number>} values
 * @param {number} share from 0 to 1
 */
export const quantile = (values, share) => {
  const sorted = Float64Array.from(values).sort()
  if (sorted.length === 0) return Number.NaN
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/**
 * @param {readonly number[]} values
 * @returns {Summary}
 */
export const summarise = (values) => ({ median: quantile(values, 0.5), min: Math.min(...values), max: Math.max(...values), count: values.length })

/**
 * One metric of every variant relative to that of the base, taken inside each round: what the machine did meanwhile hits
 * both alike. Rounds where either is missing or is no number are left out.
 * @param {readonly { variant: string, round: number, [metric: string]: unknown }[]} rows
 * @param {string} metric
 * @param {string} base
 * @returns {Map<string, Summary>} by variant
 */
export const ratiosInRounds = (rows, metric, base) => {
  const baseByRound = new Map(rows.filter(({ variant }) => variant === base).map((row) => [row.round, Number(row[metric] ?? Number.NaN)]))
  /** @type {Map<string, number[]>} */
  const ratios = new Map()
  for (const row of rows) {
    const ratio = Number(row[metric] ?? Number.NaN) / (baseByRound.get(row.round) ?? Number.NaN)
    if (Number.isFinite(ratio)) ratios.set(row.variant, [...(ratios.get(row.variant) ?? []), ratio])
  }
  return new Map([...ratios].map(([variant, values]) => [variant, summarise(values)]))
}

/**
 * Each round starts with another item, so that none always comes first or after the same one.
 * @template Item
 * @param {readonly Item[]} items
 * @param {number} round
 * @returns {Item[]}
 */
export const rotated = (items, round) => items.map((_, place) => /** @type {Item} */ (items[(place + round) % items.length]))

/** @param {number} value */
export const formatNumber = (value) => {
  if (!Number.isFinite(value)) return '-'
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)
}

/** @param {Summary | undefined} summary */
export const formatSummary = (summary) =>
  summary === undefined || !Number.isFinite(summary.median)
    ? '-'
    : `${formatNumber(summary.median)} (${formatNumber(summary.min)}-${formatNumber(summary.max)})`
