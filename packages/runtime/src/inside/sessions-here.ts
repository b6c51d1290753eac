import type { Delta, ProcessFacts, ProcessId, SessionFacts, SessionId, SessionSeed } from '@tessera/core'
import type { VariableChange } from '../messages.ts'
import type { Call } from './call.ts'
import { createProjectProcess, type ProjectProcess } from './project-process.ts'
import { createServerSession, type ServerSession } from './session.ts'
import type { SharedStorage } from './shared-storage.ts'
import { Storages } from './storages.ts'

/** A session on its way here. */
interface Coming {
  /** What was pushed meanwhile. */
  facts: SessionFacts | null
  awaitedBy: number
}

/** Who is in an isolate: the sessions placed there with their processes, and those that its code went to. */
export class SessionsHere {
  readonly #processes = new Map<ProcessId, ProjectProcess>()
  readonly #sessions = new Map<SessionId, ServerSession>()
  /** Placed elsewhere: a call here went to them. */
  readonly #visited = new Map<SessionId, ServerSession>()
  readonly #coming = new Map<SessionId, Coming>()
  readonly #storages = new Storages()
  #processesOpened = 0

  place({ facts, storage }: SessionSeed): void {
    const shared = this.#storages.seed(facts.id, storage)
    const known = this.#sessions.get(facts.id)
    if (known === undefined) this.#sessions.set(facts.id, createServerSession(facts, shared))
    else known.setFacts(facts)
  }

  close(id: SessionId): void {
    this.#sessions.delete(id)
    this.#visited.delete(id)
    this.#coming.delete(id)
    this.#storages.forget(id)
    for (const [processId, { facts }] of this.#processes) if (facts.sessionId === id) this.#processes.delete(processId)
  }

  openProcess(facts: ProcessFacts, variables: readonly VariableChange[]): void {
    const ordinal = ++this.#processesOpened
    const session = this.#sessions.get(facts.sessionId)
    if (session !== undefined) this.#processes.set(facts.id, createProjectProcess({ facts, session, variables, ordinal }))
  }

  closeProcess(id: ProcessId): void {
    this.#processes.delete(id)
  }

  process(id: ProcessId): ProjectProcess | undefined {
    return this.#processes.get(id)
  }

  takeFacts(facts: SessionFacts): void {
    this.#sessions.get(facts.id)?.setFacts(facts)
    this.#visited.get(facts.id)?.setFacts(facts)
    const coming = this.#coming.get(facts.id)
    if (coming !== undefined) coming.facts = facts
  }

  applyDelta(id: SessionId, delta: Delta): void {
    this.#storages.apply(id, delta)
  }

  /** That of any session; null for one that does not exist. */
  storageOf(call: Call, id: SessionId): Promise<SharedStorage | null> {
    return this.#storages.find(id, () => seedOf(call, id))
  }

  /** Any session as code sees it, kept up to date; null for one that does not exist. */
  async sessionOf(call: Call, id: SessionId): Promise<ServerSession | null> {
    const known = this.#sessions.get(id) ?? this.#visited.get(id)
    if (known !== undefined) return known
    const coming = this.#coming.get(id) ?? { facts: null, awaitedBy: 0 }
    this.#coming.set(id, coming)
    coming.awaitedBy++
    try {
      const storage = await this.storageOf(call, id)
      const seed = await seedOf(call, id)
      // It may have ended meanwhile.
      if (storage === null || seed === null || this.#coming.get(id) !== coming) return null
      // What was pushed while the seed was on its way, or arrived in one go with it, is newer or the same.
      const session = this.#visited.get(id) ?? createServerSession(coming.facts ?? seed.facts, storage)
      this.#visited.set(id, session)
      return session
    } finally {
      if (--coming.awaitedBy === 0 && this.#coming.get(id) === coming) this.#coming.delete(id)
    }
  }
}

/** From now on this isolate is told of its changes. */
const seedOf = (call: Call, id: SessionId): Promise<SessionSeed | null> => call.ask({ kind: 'session.seed', sessionId: id }, true)
