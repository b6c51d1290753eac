import { encodeStorable, type ProcedureHandle, type ProcedureLine, type ProcedureProgress, StartedProcedure, type Storable } from '@tessera/protocol'
import type { Ask } from '../half-messages.ts'

/** `storedProcedures` of a client half: the line to each procedure goes through the launcher. */
export class ProceduresOfHalf implements ProcedureLine {
  readonly #ask: (ask: Ask) => Promise<Storable>
  readonly #followed = new Map<string, Set<(progress: ProcedureProgress) => void>>()

  constructor(ask: (ask: Ask) => Promise<Storable>) {
    this.#ask = ask
  }

  async start(method: string, args: readonly Storable[], { name = '', unique = false }: { name?: string; unique?: boolean }): Promise<ProcedureHandle> {
    const started = await this.#ask({ kind: 'startProcedure', method, args: encodeStorable(args), name, unique })
    const { id, number } = started as { id: string; number: number }
    return new StartedProcedure({ id, number, name: name || method }, this)
  }

  result(id: string): Promise<Storable> {
    return this.#ask({ kind: 'procedureResult', id })
  }

  async cancel(id: string, reason: string): Promise<boolean> {
    return (await this.#ask({ kind: 'cancelProcedure', id, reason: String(reason) })) === true
  }

  async follow(id: string, heard: (progress: ProcedureProgress) => void): Promise<void> {
    const listeners = this.#followed.get(id) ?? new Set()
    this.#followed.set(id, listeners.add(heard))
    try {
      await this.#ask({ kind: 'followProcedure', id })
    } catch {
      // What became of it is told by its result.
    } finally {
      listeners.delete(heard)
      if (listeners.size === 0) this.#followed.delete(id)
    }
  }

  /** A listener that throws ends the client half, as any uncaught error does. */
  heard(id: string, progress: ProcedureProgress): void {
    for (const heard of [...(this.#followed.get(id) ?? [])]) heard(progress)
  }
}
