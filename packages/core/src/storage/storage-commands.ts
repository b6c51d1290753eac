import { decodeStorable, type StorableText, TesseraError } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { Session } from '../session/session.ts'
import type { SessionKeeper } from '../session/session-keeper.ts'
import type { CommitReply, CommitRequest, Delta } from './delta.ts'
import type { DecidedChange } from './storage-document.ts'

type StoragePorts = Pick<Ports, 'bus' | 'clock' | 'isolates'>

interface Rooms {
  keeper: SessionKeeper
}

/** How a session's storage is changed: decided at once, told to anybody once it is durable (SPEC T1, T2, T11). */
export class StorageCommands {
  readonly #ports: StoragePorts
  readonly #rooms: Rooms

  constructor(ports: StoragePorts, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /** A change made by project code. While somebody has the turn, nobody else wins (SPEC T3). */
  async commit(session: Session, { by, ...request }: CommitRequest & { by: string }): Promise<CommitReply> {
    if (!session.turns.admits(request.turn)) return { won: false, since: session.storage.since(request.base) }
    try {
      const decision = session.storage.decide(request, { by, now: this.#ports.clock.now() })
      if (!decision.won) return await this.#lost(session, request.base)
      const delta = decision.change === null ? null : await this.#keep(session, decision.change)
      // Nothing but this commit came after a base that was up to date.
      return { won: true, since: delta !== null && delta.from === request.base ? delta : session.storage.since(request.base) }
    } finally {
      if (request.turn !== undefined) session.turns.end(request.turn)
    }
  }

  /** Waits for the document to be the caller's alone (SPEC T3). */
  async takeTurn(session: Session): Promise<{ turn: number; since: Delta }> {
    const turn = await session.turns.ask()
    // What was decided before must be seen: otherwise the holder would lose against it.
    await session.settling
    return { turn, since: session.storage.since(0) }
  }

  /** One slot, set from outside by an operator, after whoever has the turn (SPEC T9). @throws TesseraError `NOT_STORABLE` and those of a commit. */
  async setSlot(session: Session, { slot, text, by }: SlotSet): Promise<number> {
    if (text !== null) decodeStorable(text)
    const turn = session.turns.admits(undefined) ? undefined : await session.turns.ask()
    try {
      if (session.state.name === 'closed') throw new TesseraError('SESSION_ENDED', 'The session has ended.')
      const request = { base: session.storage.head, touched: [slot], changes: [[slot, text]] as const }
      const decision = session.storage.decide(request, { by, now: this.#ports.clock.now() })
      if (decision.won && decision.change !== null) await this.#keep(session, decision.change)
      return session.storage.clock
    } finally {
      if (turn !== undefined) session.turns.end(turn)
    }
  }

  async #lost(session: Session, base: number): Promise<CommitReply> {
    await session.settling
    return { won: false, since: session.storage.since(base) }
  }

  /** @throws TesseraError `JOURNAL_UNWRITABLE`; the change never was then. */
  #keep(session: Session, change: DecidedChange): Promise<Delta> {
    // Handlers of the append itself, with nothing in between: changes are settled in the order in which they become durable.
    const kept = this.#rooms.keeper.keepChange(session, change).then(
      () => this.#settle(session, change),
      (error: unknown) => {
        session.storage.drop(change)
        throw error
      },
    )
    session.settling = kept.catch(() => undefined)
    return kept
  }

  #settle(session: Session, change: DecidedChange): Delta {
    const { bus, isolates } = this.#ports
    const before = change.slots.map(({ slot }) => session.storage.textOf(slot))
    const delta = session.storage.settle(change)
    session.history.note(change, before)
    isolates.pushDelta(session.id, delta)
    if (bus.hears('storage.changed')) bus.emit({ name: 'storage.changed', sessionId: session.id, delta, by: change.by })
    return delta
  }
}

interface SlotSet {
  slot: string
  /** Null removes it. */
  text: StorableText | null
  by: string
}
