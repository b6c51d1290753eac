import { decodeStorable, type StorableText, TesseraError } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { Session } from '../session/session.ts'
import type { CommitReply, CommitRequest, Delta } from './delta.ts'

type StoragePorts = Pick<Ports, 'bus' | 'clock' | 'isolates'>

/** A change made by project code (SPEC T1, T2). While somebody has the turn, nobody else wins. */
export const commitStorage = (ports: StoragePorts, session: Session, { by, ...request }: CommitRequest & { by: string }): CommitReply => {
  if (!session.turns.admits(request.turn)) return { won: false, since: session.storage.since(request.base) }
  try {
    const { reply, delta } = session.storage.commit(request, { by, now: ports.clock.now() })
    if (delta !== null) tell(ports, session, { delta, by })
    return reply
  } finally {
    if (request.turn !== undefined) session.turns.end(request.turn)
  }
}

/** Waits for the document to be the caller's alone (SPEC T3). */
export const takeTurn = async (session: Session): Promise<{ turn: number; since: Delta }> => {
  const turn = await session.turns.ask()
  return { turn, since: session.storage.since(0) }
}

interface SlotSet {
  slot: string
  /** Null removes it. */
  text: StorableText | null
  by: string
}

/** One slot, set from outside by an operator, after whoever has the turn (SPEC T9). @throws TesseraError `NOT_STORABLE` and those of a commit. */
export const setSlot = async (ports: StoragePorts, session: Session, { slot, text, by }: SlotSet): Promise<number> => {
  if (text !== null) decodeStorable(text)
  const turn = session.turns.admits(undefined) ? undefined : await session.turns.ask()
  try {
    if (session.state.name === 'closed') throw new TesseraError('SESSION_ENDED', 'The session has ended.')
    const base = session.storage.clock
    const { delta } = session.storage.commit({ base, touched: [slot], changes: [[slot, text]] }, { by, now: ports.clock.now() })
    if (delta !== null) tell(ports, session, { delta, by })
    return session.storage.clock
  } finally {
    if (turn !== undefined) session.turns.end(turn)
  }
}

const tell = (ports: StoragePorts, session: Session, { delta, by }: { delta: Delta; by: string }): void => {
  session.history.note(delta, { by, now: ports.clock.now() })
  ports.isolates.pushDelta(session.id, delta)
  if (ports.bus.hears('storage.changed')) ports.bus.emit({ name: 'storage.changed', sessionId: session.id, delta, by })
}
