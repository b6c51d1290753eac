import { fileURLToPath, pathToFileURL } from 'node:url'

export interface Place {
  /** Relative to the project, with forward slashes. */
  file: string
  line: number
  column: number
}

const maxFrames = 40

/**
 * Reads stacks as a project's author wants them: only frames of the project's own files, with places relative to the
 * project (`methods/hello.ts:3:9`); the server's folders and its own frames stay out.
 */
export class ProjectPlaces {
  readonly #prefixes: readonly string[]

  /** `directory`: absolute and real, since stacks name real paths. */
  constructor(directory: string) {
    this.#prefixes = [`${pathToFileURL(directory).href}/`, `${fileURLToPath(pathToFileURL(directory))}/`]
  }

  /** The frames of a stack that lie in the project, without the error's own words. */
  frames(stack: string): readonly string[] {
    const frames = stack.split('\n').flatMap((line) => this.#projectFrame(line))
    return frames.slice(0, maxFrames)
  }

  /** Where in the project the error arose; null where it does not say. Syntax errors name it before their message. */
  firstPlace(stack: string): Place | null {
    for (const line of stack.split('\n')) {
      const relative = this.#relative(line)
      const place = relative === null ? null : /^(.+?):(\d+)(?::(\d+))?\)?$/.exec(relative)
      if (place?.[1] !== undefined) return { file: place[1], line: Number(place[2]), column: Number(place[3] ?? 1) }
    }
    return null
  }

  #projectFrame(line: string): readonly string[] {
    if (!line.startsWith('    at ')) return []
    const prefix = this.#prefixes.find((candidate) => line.includes(candidate))
    return prefix === undefined ? [] : [line.replace(prefix, '')]
  }

  #relative(line: string): string | null {
    const prefix = this.#prefixes.find((candidate) => line.includes(candidate))
    return prefix === undefined ? null : line.slice(line.indexOf(prefix) + prefix.length)
  }
}
