import {
  decodeStorable,
  type ProcedureHandle,
  type ProcedureLine,
  type ProcedureProgress,
  type ProgressDown,
  StartedProcedure,
  type Storable,
  TesseraError,
} from '@tessera/protocol'
import { argumentsText } from './calls.ts'
import type { RemoteProcedures } from './remote.ts'
import type { Requests } from './requests.ts'

interface Place {
  requests: Requests
  payloadBytes(): number
}

/** The stored procedures of one session, as its client sees them. */
export class StoredProcedures implements RemoteProcedures, ProcedureLine {
  readonly #place: Place
  /** Who hears how far which one is. */
  readonly #followed = new Map<string, Set<(progress: ProcedureProgress) => void>>()
  /** Results that are waited for. */
  readonly #results = new Map<string, Promise<Storable>>()
  #restarts = 0

  constructor(place: Place) {
    this.#place = place
  }

  async start(method: string, args: readonly unknown[] = [], options: { name?: string; unique?: boolean } = {}): Promise<ProcedureHandle> {
    const { name = '', unique = false } = options
    const text = argumentsText(method, args, this.#place.payloadBytes())
    const message = { method, args: text, name, unique }
    const { processId, number } = await this.#place.requests.ask('startProcedure', () => message, { repeatable: false })
    return new StartedProcedure({ id: processId, number, name: name || method }, this)
  }

  result(id: string): Promise<Storable> {
    const known = this.#results.get(id)
    if (known !== undefined) return known
    const asked = this.#askResult(id).finally(() => this.#results.delete(id))
    this.#results.set(id, asked)
    return asked
  }

  async cancel(id: string, reason = ''): Promise<boolean> {
    try {
      await this.#place.requests.ask('cancelProcedure', () => ({ processId: id, reason }), { repeatable: true })
      return true
    } catch (error) {
      if (error instanceof TesseraError && error.code === 'ILLEGAL_STATE') return false
      throw error
    }
  }

  async follow(id: string, heard: (progress: ProcedureProgress) => void): Promise<void> {
    const listeners = this.#followed.get(id) ?? new Set()
    this.#followed.set(id, listeners.add(heard))
    try {
      await this.#watch(id)
      await this.result(id)
    } catch {
      // What became of it is told by its result.
    } finally {
      listeners.delete(heard)
      if (listeners.size === 0) this.#followed.delete(id)
    }
  }

  /** What the server says by itself. */
  heard({ processId, fraction, text }: ProgressDown): void {
    for (const heard of [...(this.#followed.get(processId) ?? [])]) deliver(heard, { fraction, text })
  }

  /** Connected again: the new connection is told of no procedure yet. */
  resumed(restarted: boolean): void {
    if (restarted) this.#restarts += 1
    for (const id of this.#followed.keys()) void this.#watch(id).catch(() => undefined)
  }

  async #watch(id: string): Promise<void> {
    const heard = (progress: ProcedureProgress | null): void => {
      if (progress !== null) this.heard({ processId: id, ...progress })
    }
    await this.#place.requests.ask('watchProcedure', () => ({ processId: id }), { repeatable: true, heard })
  }

  /** It changes nothing, so it is asked again where the connection was lost meanwhile. */
  async #askResult(id: string): Promise<Storable> {
    const restarts = this.#restarts
    try {
      return decodeStorable(await this.#place.requests.ask('procedureResult', () => ({ processId: id }), { repeatable: true }))
    } catch (error) {
      const lost = restarts !== this.#restarts && error instanceof TesseraError && error.code === 'PROCESS_NOT_FOUND'
      throw lost ? new TesseraError('CALL_INTERRUPTED', 'The server was restarted: the procedure may have run to its end, or not.') : error
    }
  }
}

/** What a listener throws is an uncaught exception, and stops nobody else. */
const deliver = (heard: (progress: ProcedureProgress) => void, progress: ProcedureProgress): void => {
  try {
    heard(progress)
  } catch (thrown) {
    queueMicrotask(() => {
      throw thrown
    })
  }
}
