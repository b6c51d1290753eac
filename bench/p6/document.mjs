/** What a session keeps: lines of a business document, each a slot of Tessera's storage and a member of a peer's session. */
const lineBytes = 200

/** @typedef {{ change: number, article: string, quantity: number, price: number, note: string }} DocumentLine */

/**
 * @param {number} change the number of the change that wrote it last
 * @returns {DocumentLine} 200 bytes as JSON
 */
export const lineOf = (change) => ({ change: first + change, article: 'A-4711 / 08-15', quantity: 12, price: 19.95, note })

/** @param {unknown} line */
export const changeOf = (line) =>
  typeof line === 'object' && line !== null && 'change' in line && typeof line.change === 'number' ? line.change - first : null

/** Every number of a change has as many digits. */
const first = 100_000_000
const note = 'x'.repeat(lineBytes - JSON.stringify({ change: first, article: 'A-4711 / 08-15', quantity: 12, price: 19.95, note: '' }).length)

/** @param {number} bytes */
export const linesIn = (bytes) => Math.max(1, Math.round(bytes / lineBytes))

/** @param {number} line */
export const slotOf = (line) => `line-${line}`

/**
 * A session's document as it is in the beginning.
 * @param {number} bytes
 * @returns {Record<string, DocumentLine>}
 */
export const documentOf = (bytes) => Object.fromEntries(Array.from({ length: linesIn(bytes) }, (_, line) => [slotOf(line), lineOf(0)]))
