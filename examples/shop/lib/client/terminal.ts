import { createInterface, type Interface } from 'node:readline'

export const print = (line = ''): void => {
  process.stdout.write(`${line}\n`)
}

/** Asks whoever is at standard input, a person or a script. */
export class Terminal {
  readonly #answers: string[] = []
  #asked: ((answer: string | null) => void) | null = null
  #ended = false
  readonly #lines: Interface

  constructor() {
    this.#lines = createInterface({ input: process.stdin, output: process.stdout, terminal: process.stdin.isTTY })
    this.#lines.on('line', (line) => this.#answered(line.trim()))
    this.#lines.on('close', () => this.#end())
  }

  /** The answer; null once the input has ended. */
  ask(question: string): Promise<string | null> {
    const answer = this.#answers.shift()
    if (answer !== undefined || this.#ended) return Promise.resolve(answer ?? null)
    this.#lines.setPrompt(`${question} `)
    this.#lines.prompt()
    return new Promise((resolve) => {
      this.#asked = resolve
    })
  }

  close(): void {
    this.#lines.close()
  }

  #answered(line: string): void {
    if (this.#asked === null) this.#answers.push(line)
    else this.#asked(line)
    this.#asked = null
  }

  #end(): void {
    this.#ended = true
    this.#asked?.(null)
    this.#asked = null
  }
}
