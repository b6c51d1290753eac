import { type ChildProcess, spawn } from 'node:child_process'
import { launcher } from './repository.ts'

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface ProgramOptions {
  /** `TESSERA_*` of whoever runs the tests never gets in. */
  env?: Readonly<Record<string, string>>
  cwd?: string
  /** Given to standard input, which is closed after it. */
  input?: string
}

type Stream = 'stdout' | 'stderr'

const patienceMs = 60_000

/** One operating-system process and everything it said. */
export class Program {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  readonly #said: Record<Stream, string> = { stdout: '', stderr: '' }
  readonly #hearers = new Set<() => void>()
  #end: Ended | null = null

  private constructor(child: ChildProcess, input: string) {
    this.#child = child
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear('stdout', text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear('stderr', text))
    child.stdin?.on('error', () => undefined).end(input)
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject)
      // 'close', not 'exit': by then everything that was said has arrived.
      child.once('close', (code, signal) => {
        this.#end = { code, signal }
        this.#wake()
        resolve(this.#end)
      })
    })
  }

  static tessera(args: readonly string[], options: ProgramOptions = {}): Program {
    return Program.node([launcher, ...args], options)
  }

  static node(args: readonly string[], { env = {}, cwd, input = '' }: ProgramOptions = {}): Program {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('TESSERA_'))
    const child = spawn(process.execPath, args, {
      env: { ...Object.fromEntries(inherited), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
    })
    return new Program(child, input)
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The process did not start.')
    return this.#child.pid
  }

  get stdout(): string {
    return this.#said.stdout
  }

  get stderr(): string {
    return this.#said.stderr
  }

  get over(): boolean {
    return this.#end !== null
  }

  /** Waits until it has said something; the match. @throws Error with all that it said instead. */
  async hears(pattern: RegExp, stream: Stream = 'stdout'): Promise<RegExpExecArray> {
    const giveUpAt = Date.now() + patienceMs
    for (;;) {
      const found = pattern.exec(this.#said[stream])
      if (found !== null) return found
      if (this.#end !== null) throw this.#silence(pattern, `it ended with ${this.#end.code ?? this.#end.signal}`)
      if (Date.now() >= giveUpAt) throw this.#silence(pattern, `${patienceMs / 1000} s passed`)
      await this.#nextWord(giveUpAt)
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.over) this.#child.kill(signal)
  }

  #hear(stream: Stream, text: string): void {
    this.#said[stream] += text
    this.#wake()
  }

  #wake(): void {
    for (const hearer of this.#hearers) hearer()
  }

  #nextWord(until: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#hearers.delete(done)
        resolve()
      }
      const timer = setTimeout(done, Math.max(0, until - Date.now()))
      this.#hearers.add(done)
    })
  }

  #silence(pattern: RegExp, why: string): Error {
    return new Error(`${pattern} was not heard: ${why}.\n--- stdout\n${this.stdout}\n--- stderr\n${this.stderr}`)
  }
}
