import { closeSync, openSync, readSync } from 'node:fs'

/** What the operating system tells of this process's main thread: Linux does, the others do not. */
export class MainThread {
  readonly #state = new ProcFile('stat')
  readonly #times = new ProcFile('schedstat')

  /** Whether it is on a processor or waits for one; null where nobody tells. */
  isRunning(): boolean | null {
    const text = this.#state.read()
    // The name in brackets is whatever title the process has.
    return text === null ? null : text[text.lastIndexOf(')') + 2] === 'R'
  }

  cpuMs(): number | null {
    const text = this.#times.read()
    return text === null ? null : Number(text.slice(0, text.indexOf(' '))) / 1_000_000
  }
}

const bytes = 128

/** Held open: such a file is made anew each time that it is read from its beginning. */
class ProcFile {
  readonly #buffer = Buffer.alloc(bytes)
  #descriptor: number | null

  constructor(name: string) {
    try {
      this.#descriptor = openSync(`/proc/self/task/${process.pid}/${name}`, 'r')
    } catch {
      this.#descriptor = null
    }
  }

  read(): string | null {
    if (this.#descriptor === null) return null
    try {
      return this.#buffer.toString('latin1', 0, readSync(this.#descriptor, this.#buffer, 0, bytes, 0))
    } catch {
      closeSync(this.#descriptor)
      this.#descriptor = null
      return null
    }
  }
}
