import { Program } from './program.ts'

export interface CliResult {
  code: number | null
  stdout: string
  stderr: string
}

export interface CliPlace {
  /** Stands for the user's home: running servers are noted there, packages are kept there. */
  home: string
  /** The server that is meant, where there is one. */
  dataDirectory?: string
}

/** The command line as a script of a customer's would use it. */
export class Cli {
  readonly #place: CliPlace

  constructor(place: CliPlace) {
    this.#place = place
  }

  get env(): Record<string, string> {
    const { home, dataDirectory } = this.#place
    return { TESSERA_HOME: home, TESSERA_CACHE_DIR: `${home}/cache`, ...(dataDirectory === undefined ? {} : { TESSERA_DATA_DIR: dataDirectory }) }
  }

  start(args: readonly string[], options: { input?: string; env?: Record<string, string>; cwd?: string } = {}): Program {
    return Program.tessera(args, { ...options, env: { ...this.env, ...options.env } })
  }

  /** Runs one verb to its end, whatever that is. */
  async run(args: readonly string[], options: { input?: string; env?: Record<string, string>; cwd?: string } = {}): Promise<CliResult> {
    const program = this.start(args, options)
    const { code } = await program.ended
    return { code, stdout: program.stdout, stderr: program.stderr }
  }

  /** Runs one verb that must succeed. @throws Error with what it said. */
  async ok(args: readonly string[], options: { input?: string } = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options)
    if (code !== 0) throw new Error(`tessera ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`)
    return stdout
  }

  /** The one JSON document of a verb that must succeed; anything else on stdout makes it fail. */
  async json<Shape = unknown>(args: readonly string[], options: { input?: string } = {}): Promise<Shape> {
    return JSON.parse(await this.ok([...args, '--json'], options)) as Shape
  }
}
