import { formatNumber } from './stats.mjs'

/** One part of a goal; `met` null: not measured, and `why` where that is known. @typedef {{ what: string, met: boolean | null, why?: string }} GoalPart */

/**
 * @param {number | undefined} value
 * @param {(value: number) => boolean} holds
 */
export const judge = (value, holds) => (value === undefined || !Number.isFinite(value) ? null : holds(value))

/**
 * A part that compares one figure with the goal's.
 * @param {string} what
 * @param {{ value: number | undefined, unit: string, holds: (value: number) => boolean }} figure `unit` follows the figure as it stands
 * @returns {GoalPart}
 */
export const goalPart = (what, { value, unit, holds }) => {
  const met = judge(value, holds)
  return { what: met === null || value === undefined ? what : `${what}: ${formatNumber(value)}${unit}`, met }
}

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
