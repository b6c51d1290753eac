import type { Surroundings } from '../src/surroundings.ts'

/** Time that passes when a test says so, and chance that never varies. */
export class TestTime implements Surroundings {
  #now = 0
  #tasks: { at: number; task: () => void }[] = []
  readonly #repeated = new Set<() => void>()

  now(): number {
    return this.#now
  }

  random(): number {
    return 0
  }

  after(ms: number, task: () => void): () => void {
    const entry = { at: this.#now + ms, task }
    this.#tasks.push(entry)
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry)
    }
  }

  /** Once for each `advance`, as a timer does that is late. */
  every(_ms: number, task: () => void): () => void {
    this.#repeated.add(task)
    return () => this.#repeated.delete(task)
  }

  /** How many tasks wait for their time. */
  get waiting(): number {
    return this.#tasks.length
  }

  advance(ms: number): void {
    this.#now += ms
    for (const task of [...this.#repeated]) task()
    const due = this.#tasks.filter(({ at }) => at <= this.#now)
    this.#tasks = this.#tasks.filter(({ at }) => at > this.#now)
    for (const { task } of due) task()
  }
}

/** Time in which every wait is over at once; what was waited for is on record. */
export class FastTime implements Surroundings {
  readonly waits: number[] = []
  #now = 0

  now(): number {
    return this.#now
  }

  random(): number {
    return 0
  }

  after(ms: number, task: () => void): () => void {
    this.waits.push(ms)
    const soon = setImmediate(() => {
      this.#now += ms
      task()
    })
    return () => clearImmediate(soon)
  }

  every(): () => void {
    return () => undefined
  }
}
