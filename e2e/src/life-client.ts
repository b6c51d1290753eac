import { execFileSync } from 'node:child_process'
import type { Program } from './program.ts'
import type { TesseraServer } from './tessera-server.ts'

interface Shown {
  state: string
  unreachableSince: string | null
  waitingMessages: number
}

/** A `tessera connect` with the client half of the life project: two operating-system processes and their session. */
export class LifeClient {
  readonly program: Program
  readonly sessionId: string
  readonly #server: TesseraServer
  readonly #half: number

  private constructor(program: Program, server: TesseraServer, [, half = '', sessionId = '']: RegExpExecArray) {
    this.program = program
    this.sessionId = sessionId
    this.#server = server
    this.#half = Number(half)
  }

  static async ready(program: Program, server: TesseraServer): Promise<LifeClient> {
    return new LifeClient(program, server, await program.hears(/ready (\d+) in (\w+)/))
  }

  /** Has the client half call the server; what that printed. */
  async count(times: number): Promise<string> {
    this.askToCount()
    return (await this.program.hears(new RegExp(`count ${times} cart .*`)))[0]
  }

  askToCount(): void {
    process.kill(this.#half, 'SIGUSR2')
  }

  /** To both processes, as a terminal or a power manager does. */
  signal(signal: NodeJS.Signals): void {
    this.program.signal(signal)
    process.kill(this.#half, signal)
  }

  get stopped(): boolean {
    const states = execFileSync('ps', ['-o', 'stat=', '-p', `${this.program.pid},${this.#half}`], { encoding: 'utf8' })
    return states
      .trim()
      .split('\n')
      .every((state) => state.startsWith('T'))
  }

  /** As the command line shows its session; null where it is none any more. */
  async shown(): Promise<Shown | null> {
    const { sessions } = await this.#server.cli.json<{ sessions: ({ id: string } & Shown)[] }>(['sessions', 'list'])
    return sessions.find(({ id }) => id === this.sessionId) ?? null
  }

  async state(): Promise<string> {
    return (await this.shown())?.state ?? 'gone'
  }
}
