import { type ActResult, encodeStorable, type OrderRow, type Role, type SessionQuery } from '@tessera/protocol'
import type { Actor } from '../actor.ts'
import type { CommandName, Input, Output, Targets } from '../commands.ts'
import type { Engine } from '../engine.ts'
import type { ProcessId } from '../ids.ts'
import type { TestClient } from './test-client.ts'

/** One client, several by id, or all that match. */
export type Whom = TestClient | readonly string[] | Partial<SessionQuery>

interface How {
  reason?: string
  graceSeconds?: number
  dryRun?: boolean
  version?: string | null
}

/** Somebody at the console. */
export class TestOperator {
  readonly #engine: Engine
  readonly #by: Actor

  constructor(engine: Engine, name: string, role: Role) {
    this.#engine = engine
    this.#by = { kind: 'operator', name, role, via: 'console' }
  }

  dispatch<Name extends CommandName>(name: Name, input: Input<Name>): Promise<Output<Name>> {
    return this.#engine.dispatch(name, input, this.#by)
  }

  disconnect(whom: Whom, { reason = 'enough', dryRun = false }: How = {}): Promise<ActResult> {
    return this.dispatch('session.disconnect', { targets: targetsOf(whom), reason, dryRun })
  }

  end(whom: Whom, { reason = 'enough', graceSeconds = 60, dryRun = false }: How = {}): Promise<ActResult> {
    return this.dispatch('session.end', { targets: targetsOf(whom), reason, graceSeconds, dryRun })
  }

  /** Asks clients to run another version. */
  reload(whom: Whom, { reason = 'fix', graceSeconds = 60, dryRun = false, version = null }: How = {}): Promise<ActResult> {
    return this.dispatch('session.reload', { targets: targetsOf(whom), version, reason, graceSeconds, dryRun })
  }

  message(whom: Whom, text: string, { dryRun = false }: How = {}): Promise<ActResult> {
    return this.dispatch('session.message', { targets: targetsOf(whom), text, dryRun })
  }

  async setSlot(client: TestClient, slot: string, value: unknown): Promise<number> {
    const text = value === undefined ? null : encodeStorable(value)
    return (await this.dispatch('storage.set', { sessionId: client.id, slot, text })).clock
  }

  async setPrivileges(client: TestClient, names: readonly string[], roles: readonly string[] = []): Promise<readonly string[]> {
    return (await this.dispatch('privileges.set', { sessionId: client.id, names, roles })).privileges
  }

  /** Sends a method to every client of that name. */
  order(name: string, method: string, ...args: readonly unknown[]): Promise<OrderRow> {
    return this.dispatch('client.order', { name, method, args: encodeStorable(args) })
  }

  startProcedure(method: string, args: readonly unknown[] = [], { name = '', unique = false } = {}): Promise<{ processId: ProcessId; number: number }> {
    return this.dispatch('procedure.start', { method, args: encodeStorable(args), name, unique })
  }
}

const targetsOf = (whom: Whom): Targets => {
  if (isIds(whom)) return { ids: whom }
  if ('welcome' in whom) return { ids: [whom.id] }
  return { match: { text: '', chips: [], ...whom } }
}

const isIds = (whom: Whom): whom is readonly string[] => Array.isArray(whom)
