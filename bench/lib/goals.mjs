import { formatNumber } from './stats.mjs'

/** One part of a goal; `met` null: not measured, and `why` where that is known. @typedef {{ what: string, met: boolean | null, why?: string }} GoalPart */

/**
 * @param {number | undefined} value
 * @param {(value: number) => boolean} holds
 */
export const judge = (value, holds) => (value === undefined || !Number.isFinite(value) ? null : holds(value))

/**
 * A part that compares one figure with the goal's.
 * @param {string} what with `{}` where the figure is told
 * @param {number | undefined} value
 * @param {(value: number) => boolean} holds
 * @returns {GoalPart}
 */
export const goalPart = (what, value, holds) => ({ what: what.replace('{}', formatNumber(value ?? Number.NaN)), met: judge(value, holds) })

/**
 * @param {string} goal
 * @param {readonly GoalPart[]} parts
 */
export const goalLineOf = (goal, parts) => `goal ${goal}: ${parts.map(({ what, met, why }) => `${what}, ${verdictOf(met, why)}`).join('; ')}`

/**
 * @param {boolean | null} met
 * @param {string} [why]
 */
const verdictOf = (met, why) => {
  if (met === null) return why === undefined ? 'not measured' : `not measured: ${why}`
  return met ? 'met' : 'MISSED'
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export const markdownTable = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
