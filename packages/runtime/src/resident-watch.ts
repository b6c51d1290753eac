import type { ResidentReader } from './resident-memory.ts'

/** What is watched: an isolate with a process of its own. */
export interface ResidentIsolate {
  readonly facts: { readonly pid: number | null }
  readonly callsRunning: number
  kill(why: string): void
}

export const mebibyte = 1_048_576

/**
 * Ends isolates whose process holds more memory than it may: V8 limits the heap by itself, but buffers lie outside it (rule
 * X45). From outside, since an isolate that loops cannot tell. Isolates in which nothing runs are not measured here, and while
 * nothing runs anywhere there is no timer: what calls left behind is told by the watchdogs, less often.
 */
export class ResidentWatch {
  readonly #reader: ResidentReader
  /** With the most MiB of each. */
  readonly #busy = new Map<ResidentIsolate, number>()
  #timer: NodeJS.Timeout | null = null
  #reading = false

  constructor(reader: ResidentReader) {
    this.#reader = reader
  }

  /** Measures the isolate until no call runs there. */
  watch(isolate: ResidentIsolate, mostMb: number): void {
    this.#busy.set(isolate, mostMb)
    this.#timer ??= setInterval(() => void this.#measure(), this.#reader.everyMs).unref()
  }

  get isIdle(): boolean {
    return this.#timer === null
  }

  async #measure(): Promise<void> {
    for (const isolate of this.#busy.keys()) if (isolate.callsRunning === 0) this.#busy.delete(isolate)
    if (this.#busy.size === 0) this.#rest()
    else if (!this.#reading) await this.#read()
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  async #read(): Promise<void> {
    this.#reading = true
    const pids = [...this.#busy.keys()].flatMap(({ facts }) => (facts.pid === null ? [] : [facts.pid]))
    // What cannot be read now is read the next time.
    const nothing: ReadonlyMap<number, number> = new Map()
    const resident = await this.#reader
      .read(pids)
      .catch(() => nothing)
      .finally(() => {
        this.#reading = false
      })
    for (const [isolate, mostMb] of this.#busy) {
      const bytes = isolate.facts.pid === null ? undefined : resident.get(isolate.facts.pid)
      if (bytes !== undefined && bytes > mostMb * mebibyte) isolate.kill(overResident(mostMb))
    }
  }
}

/** Why it ended, as its calls, the log and the console are told. */
export const overResident = (mostMb: number): string => `out of memory: its process passed ${mostMb} MB with its buffers`
export const overHeap = (mostMb: number): string => `out of memory: its heap passed ${mostMb} MB`
