import type { Storable } from '@tessera/kit'
import { decodeStorable, encodeStorable, type StorableText, TesseraError } from '@tessera/protocol/values'
import type { VariableChange } from '../messages.ts'

/**
 * `currentProcess().variables`. The host keeps a copy as texts, so that another isolate can take over (rule X4): each
 * reply carries what changed since the last one. A value that was handed out may have been changed in place, so it is
 * compared too.
 */
export class ProcessVariables extends Map<string, Storable> {
  /** What the host has. */
  readonly #texts = new Map<string, StorableText>()
  readonly #suspects = new Set<string>()

  constructor(seed: readonly VariableChange[]) {
    super()
    for (const [name, text] of seed) {
      if (text === null) continue
      super.set(name, decodeStorable(text))
      this.#texts.set(name, text)
    }
  }

  override get(name: string): Storable | undefined {
    const value = super.get(name)
    if (typeof value === 'object' && value !== null) this.#suspects.add(name)
    return value
  }

  /** @throws TesseraError `NOT_STORABLE` for what another isolate could not be given. */
  override set(name: string, value: Storable): this {
    encodeStorable(value)
    this.#suspects.add(name)
    return super.set(name, value)
  }

  override delete(name: string): boolean {
    this.#suspects.add(name)
    return super.delete(name)
  }

  override clear(): void {
    this.#suspectAll()
    super.clear()
  }

  override forEach(callback: (value: Storable, name: string, map: Map<string, Storable>) => void, thisArg?: unknown): void {
    this.#suspectAll()
    super.forEach(callback, thisArg)
  }

  override entries(): MapIterator<[string, Storable]> {
    this.#suspectAll()
    return super.entries()
  }

  override values(): MapIterator<Storable> {
    this.#suspectAll()
    return super.values()
  }

  override [Symbol.iterator](): MapIterator<[string, Storable]> {
    return this.entries()
  }

  /** What the host does not have yet. A value that was made unstorable in place stays here, and is the `problem`. */
  takeChanges(): VariableChanges {
    if (this.#suspects.size === 0) return none
    const changes: VariableChange[] = []
    let problem: TesseraError | null = null
    for (const name of this.#suspects) {
      this.#suspects.delete(name)
      try {
        const change = this.#changeOf(name)
        if (change !== null) changes.push(change)
      } catch (error) {
        problem = new TesseraError('NOT_STORABLE', `The process variable "${name}": ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    return { changes, problem }
  }

  #changeOf(name: string): VariableChange | null {
    const known = this.#texts.get(name)
    if (!this.has(name)) return this.#texts.delete(name) ? [name, null] : null
    const text = encodeStorable(super.get(name))
    if (text === known) return null
    this.#texts.set(name, text)
    return [name, text]
  }

  #suspectAll(): void {
    for (const name of this.keys()) this.#suspects.add(name)
  }
}

export interface VariableChanges {
  changes: readonly VariableChange[]
  problem: TesseraError | null
}

const none: VariableChanges = { changes: [], problem: null }
