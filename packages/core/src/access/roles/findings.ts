import type { Problem } from '@tessera/protocol'
import { createPlaces, type Place } from '../../json/places.ts'

/** Enough to mend a file by; what is wrong a thousand times over is told as a number. */
const mostTold = 500

/** What is wrong with one file, each with its place. */
export class Findings {
  readonly #file: string
  readonly #place: (offset: number) => Place
  readonly #told: Record<Problem['severity'], Problem[]> = { error: [], warning: [] }
  readonly #untold: Record<Problem['severity'], number> = { error: 0, warning: 0 }

  constructor(text: string, file: string) {
    this.#file = file
    this.#place = createPlaces(text)
  }

  error(message: string, at: number): void {
    this.#add('error', message, at)
  }

  warn(message: string, at: number): void {
    this.#add('warning', message, at)
  }

  lineOf(at: number): number {
    return this.#place(at).line
  }

  /** In order of place. */
  get errors(): readonly Problem[] {
    return this.#list('error')
  }

  get warnings(): readonly Problem[] {
    return this.#list('warning')
  }

  #add(severity: Problem['severity'], message: string, at: number): void {
    if (this.#told[severity].length < mostTold) this.#told[severity].push(this.#problem(severity, message, at))
    else this.#untold[severity] += 1
  }

  #list(severity: Problem['severity']): readonly Problem[] {
    const sorted = this.#told[severity].toSorted((one, other) => one.line - other.line || one.column - other.column)
    const more = this.#untold[severity]
    return more === 0 ? sorted : [...sorted, this.#problem(severity, `${more} more like these are not listed`, 0)]
  }

  #problem(severity: Problem['severity'], message: string, at: number): Problem {
    return { file: this.#file, ...this.#place(at), severity, code: severity === 'error' ? 'roles-invalid' : 'roles-doubtful', message }
  }
}

/** A name in a sentence, on one line whatever it holds. */
export const quoted = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)
