const linesPerSecond = 200
const maxLineCharacters = 8192

/** Bounds what project code may log: long lines are cut, and what comes too fast is counted instead of sent. */
export class LogBudget {
  readonly #nowMs: () => number
  #windowAt = Number.NEGATIVE_INFINITY
  #lines = 0
  #dropped = 0

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** The text to send, with a word about lines dropped before it; null to send nothing. */
  take(text: string): string | null {
    const now = this.#nowMs()
    if (now - this.#windowAt >= 1000) {
      this.#windowAt = now
      this.#lines = 0
    }
    this.#lines++
    if (this.#lines > linesPerSecond) {
      this.#dropped++
      return null
    }
    const notice = this.#dropped === 0 ? '' : `(${this.#dropped} lines dropped) `
    this.#dropped = 0
    return text.length > maxLineCharacters ? `${notice}${text.slice(0, maxLineCharacters)} (cut)` : notice + text
  }
}
