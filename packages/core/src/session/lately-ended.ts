import type { Clock } from '../ports/clock.ts'

/** So many stay, however long ago they ended; as many are shown. */
const keptAlways = 50
/** Whoever started one has so long to ask what came of it, within bounds. */
const keptMs = 60_000
const mostKept = 1000
const mostPayloads = 64

interface Ended<Value> {
  value: Value
  at: number
  bytes: number
}

/** What ended, kept for those who ask what came of it: the oldest go first (SPEC P14, P92). */
export class LatelyEnded<Id, Value> {
  readonly #clock: Pick<Clock, 'now'>
  readonly #mostBytes: number
  /** Oldest first. */
  readonly #ended = new Map<Id, Ended<Value>>()
  #bytes = 0

  constructor(clock: Pick<Clock, 'now'>, payloadBytes: number) {
    this.#clock = clock
    this.#mostBytes = mostPayloads * payloadBytes
  }

  /** `bytes`: what came of it takes so much. */
  add(id: Id, value: Value, bytes: number): void {
    this.#ended.set(id, { value, at: this.#clock.now(), bytes })
    this.#bytes += bytes
    for (const [oldestId, oldest] of this.#ended) {
      if (!this.#isTooMuch(oldest)) break
      this.#ended.delete(oldestId)
      this.#bytes -= oldest.bytes
    }
  }

  find(id: Id): Value | undefined {
    return this.#ended.get(id)?.value
  }

  forget(id: Id): void {
    this.#bytes -= this.#ended.get(id)?.bytes ?? 0
    this.#ended.delete(id)
  }

  /** The last ones, newest first. */
  list(): Value[] {
    return [...this.#ended.values()]
      .slice(-keptAlways)
      .reverse()
      .map(({ value }) => value)
  }

  #isTooMuch({ at }: Ended<Value>): boolean {
    const { size } = this.#ended
    const isLate = at <= this.#clock.now() - keptMs
    return (size > keptAlways && (isLate || size > mostKept)) || (size > 1 && this.#bytes > this.#mostBytes)
  }
}
