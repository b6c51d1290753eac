/** Lets a few start at a time; whoever comes later waits for its turn, first come, first served. */
export class StartGate {
  readonly #most: number
  #starting = 0
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>()

  constructor(most: number) {
    this.#most = most
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** `start` runs at once or at its turn; whoever it lets in must call `leave` once, when it is started or has failed. */
  enter(start: () => void): void {
    this.#waiting.add(start)
    this.#letIn()
  }

  /** Who gives up before its turn. */
  giveUp(start: () => void): void {
    this.#waiting.delete(start)
  }

  leave(): void {
    this.#starting--
    this.#letIn()
  }

  #letIn(): void {
    for (const start of this.#waiting) {
      if (this.#starting >= this.#most) return
      this.#waiting.delete(start)
      this.#starting++
      start()
    }
  }
}
