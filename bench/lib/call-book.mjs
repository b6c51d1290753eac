/** @typedef {'pending' | 'answered' | string} Outcome a code where the call failed */

/**
 * What became of a stretch of calls. A call that failed or was not answered counts as longer than any other: a quantile that falls
 * among those is null.
 * @typedef {object} Stretch
 * @property {number} calls that were due
 * @property {number} answered
 * @property {number} failed that were answered with an error
 * @property {number} unanswered
 * @property {Record<string, number>} codes of those that failed
 * @property {number | null} p50 milliseconds
 * @property {number | null} p99
 * @property {number | null} max of those that were answered; null where none was
 */

/** Calls by number, in the order in which they are due, and how long each took from when it was due. */
export class CallBook {
  #milliseconds
  /** @type {Uint8Array} 0 pending, 1 answered, then the codes in the order in which they came up. */
  #outcomes
  /** @type {string[]} */
  #codes = []

  /** @param {number} calls how many there will be at most */
  constructor(calls) {
    this.#milliseconds = new Float64Array(calls)
    this.#outcomes = new Uint8Array(calls)
  }

  /**
   * @param {number} number
   * @param {number} milliseconds since it was due
   */
  answer(number, milliseconds) {
    this.#milliseconds[number] = milliseconds
    this.#outcomes[number] = answered
  }

  /**
   * @param {number} number
   * @param {string} code
   */
  fail(number, code) {
    let place = this.#codes.indexOf(code)
    if (place < 0) place = this.#codes.push(code) - 1
    this.#outcomes[number] = firstCode + Math.min(place, mostCodes)
  }

  /**
   * @param {number} from the first call
   * @param {number} to the one after the last
   * @returns {Stretch}
   */
  stretch(from, to) {
    const outcomes = this.#outcomes.subarray(from, to)
    const taken = this.#milliseconds
      .subarray(from, to)
      .filter((_, place) => outcomes[place] === answered)
      .sort()
    /** @type {Record<string, number>} */
    const codes = {}
    let failed = 0
    for (const outcome of outcomes) {
      if (outcome < firstCode) continue
      const code = this.#codes[outcome - firstCode] ?? 'unknown'
      codes[code] = (codes[code] ?? 0) + 1
      failed += 1
    }
    const calls = outcomes.length
    const quantile = (/** @type {number} */ share) => taken[Math.max(0, Math.ceil(calls * share) - 1)] ?? null
    return {
      calls,
      answered: taken.length,
      failed,
      unanswered: calls - taken.length - failed,
      codes,
      p50: quantile(0.5),
      p99: quantile(0.99),
      max: taken[taken.length - 1] ?? null,
    }
  }
}

const answered = 1
const firstCode = 2
const mostCodes = 253
