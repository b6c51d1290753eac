import { closeSync, openSync, readlinkSync, readSync } from 'node:fs'

/** How the system numbers the thread that asks; null where it does not say. */
export const ownTask = (): number | null => {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1))
  } catch {
    return null
  }
}

/** What the operating system tells of a thread of this process: Linux does, the others do not. */
export class OsThread {
  readonly #state: ProcFile
  readonly #times: ProcFile

  /** That of a process's main thread is the process's own number. */
  constructor(task: number | null) {
    this.#state = new ProcFile(task, 'stat')
    this.#times = new ProcFile(task, 'schedstat')
  }

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

  close(): void {
    this.#state.close()
    this.#times.close()
  }
}

const bytes = 128

/** Held open: such a file is made anew each time that it is read from its beginning. */
class ProcFile {
  readonly #buffer = Buffer.alloc(bytes)
  #descriptor: number | null = null

  constructor(task: number | null, name: string) {
    if (task === null) return
    try {
      this.#descriptor = openSync(`/proc/self/task/${task}/${name}`, 'r')
    } catch {
      // Nobody tells.
    }
  }

  read(): string | null {
    if (this.#descriptor === null) return null
    try {
      return this.#buffer.toString('latin1', 0, readSync(this.#descriptor, this.#buffer, 0, bytes, 0))
    } catch {
      this.close()
      return null
    }
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor)
    this.#descriptor = null
  }
}
