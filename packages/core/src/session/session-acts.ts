import { type ActResult, limits, type MessageReceiptRow, TesseraError, toErrorBody } from '@tessera/protocol'
import type { Input, Targets } from '../commands.ts'
import type { Ports } from '../ports/index.ts'
import type { Versions } from '../version/versions.ts'
import { within } from '../within.ts'
import type { Orders } from './orders.ts'
import type { Receipts } from './receipts.ts'
import type { Session } from './session.ts'
import type { SessionEnd } from './session-end.ts'
import type { SessionKeeper } from './session-keeper.ts'
import type { SessionMoves } from './session-moves.ts'
import { matchSessions } from './session-query.ts'
import { checkMove, type SessionState } from './session-state.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  sessions: Sessions
  keeper: SessionKeeper
  versions: Versions
  moves: SessionMoves
  end: SessionEnd
  orders: Orders
  receipts: Receipts
}

/** What is done to one session; `check` is all of it that a dry run does. */
interface Act {
  /** Browsers' sessions can be meant too, by id. */
  forWeb?: boolean
  check(session: Session): void
  carryOut(session: Session): void | Promise<void>
}

/** A client is not asked to move later than a day from now. */
const mostReloadGraceSeconds = 86_400

/** What operators do to sessions: one, several, or all that match (4d.md ADM-12, ADM-16). */
export class SessionActs {
  readonly #ports: Ports
  readonly #rooms: Rooms

  constructor(ports: Ports, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /** 4D's Drop: the reason is sent, running calls are aborted, Close Connection runs, resume is refused. */
  disconnect({ targets, reason, dryRun }: Input<'session.disconnect'>): Promise<ActResult> {
    const carryOut = (session: Session): Promise<void> => this.#rooms.end.close(session, 'SESSION_ENDED', reason)
    return this.#each(targets, dryRun, { forWeb: true, check: () => undefined, carryOut })
  }

  /** Takes no new calls, lets the running ones finish within the grace, then disconnects. */
  end({ targets, reason, graceSeconds, dryRun }: Input<'session.end'>): Promise<ActResult> {
    const { bus, clock } = this.#ports
    const draining = (): SessionState => ({ name: 'draining', since: clock.now() })
    return this.#each(targets, dryRun, {
      forWeb: true,
      check: ({ state }) => checkMove(state, draining()),
      carryOut: async (session) => {
        // A restart must not bring it back.
        await this.#rooms.keeper.keepDraining(session, { code: 'SESSION_ENDED', reason })
        session.move(draining(), clock.now())
        session.cancelTimer?.()
        session.cancelTimer = null
        bus.emit({ name: 'session.draining', sessionId: session.id })
        await within(clock, Math.max(graceSeconds, 0) * 1000, session.whenIdle())
        await this.#rooms.end.close(session, 'SESSION_ENDED', reason)
      },
    })
  }

  /** `receipt` of the answer: under that id can be asked who has received it. */
  async message({ targets, text, dryRun }: Input<'session.message'>): Promise<ActResult> {
    const { bus, clock } = this.#ports
    const { receipts } = this.#rooms
    if (text === '' || text.length > limits.messageCharacters)
      throw new TesseraError('BAD_REQUEST', `A message has 1 to ${limits.messageCharacters} characters.`)
    const meant = { ids: this.#meant(targets) }
    const receipt = dryRun ? null : receipts.open(meant.ids.map((id) => ({ id, userName: this.#rooms.sessions.find(id)?.user.name ?? '' })))
    const result = await this.#each(meant, dryRun, {
      check: ({ messages, keptMessages }) => {
        if (messages.length + keptMessages < limits.waitingMessages) return
        throw new TesseraError('ILLEGAL_STATE', `${limits.waitingMessages} messages wait for this client already.`)
      },
      carryOut: async (session) => {
        const message = { number: session.nextMessage(), text, at: clock.now() }
        session.keptMessages += 1
        await this.#rooms.keeper.keepMessage(session, message).finally(() => {
          session.keptMessages -= 1
        })
        if (session.state.name === 'closed') throw new TesseraError('SESSION_ENDED', 'The session has ended.')
        session.messages = [...session.messages, message]
        if (receipt !== null) receipts.told(receipt, session, message.number)
        bus.emit({ name: 'session.messaged', sessionId: session.id, ...message })
      },
    })
    if (receipt === null) return result
    for (const { id, error } of result.results) if (error !== undefined) receipts.failed(receipt, id, error)
    return { ...result, receipt: receipt.sending.id }
  }

  /** Waits until every client has received the message, or will not. @throws TesseraError `SENDING_NOT_FOUND`. */
  receipt(id: string): Promise<MessageReceiptRow> {
    return this.#rooms.receipts.whole(id)
  }

  /** Who has received it so far. @throws TesseraError `SENDING_NOT_FOUND`. */
  lookAtReceipt(id: string): MessageReceiptRow {
    return this.#rooms.receipts.look(id)
  }

  /** The client has seen it, and those before it: a message waits until then, however often its client is lost (SPEC S16). */
  received(session: Session, number: number): void {
    const seen = session.messages.filter((message) => message.number <= number)
    if (seen.length === 0) return
    session.messages = session.messages.filter((message) => !seen.includes(message))
    this.#rooms.keeper.forgetMessages(
      session,
      seen.map((message) => message.number),
    )
    this.#rooms.receipts.received(session, number)
    this.#ports.bus.emit({ name: 'session.received', sessionId: session.id, number })
  }

  /** Asks each client to run another version, at the deadline at the latest; the session itself stays (SPEC V6). */
  reload({ targets, version, reason, graceSeconds, dryRun }: Input<'session.reload'>): Promise<ActResult> {
    const { bus, clock } = this.#ports
    const to = version === null ? this.#rooms.versions.needCurrent() : this.#rooms.versions.needLive(version)
    const graceMs = Math.min(Math.max(graceSeconds, 0), mostReloadGraceSeconds) * 1000
    // A query means those that need it; a session that is named and runs the version already is a mistake worth telling.
    const meant = 'ids' in targets ? targets : { ids: this.#meant(targets).filter((id) => this.#rooms.sessions.need(id).version !== to) }
    return this.#each(meant, dryRun, {
      check: (session) => {
        if (session.version === to) throw new TesseraError('ILLEGAL_STATE', `The session runs version ${to.id} already.`)
      },
      carryOut: async (session) => {
        const deadlineAt = clock.now() + graceMs
        await this.#rooms.moves.ask(session, { version: to, deadlineAt, reason })
        bus.emit({ name: 'session.reloadRequested', sessionId: session.id, version: to.label, deadlineAt, graceMs, reason })
      },
    })
  }

  async #each(targets: Targets, dryRun: boolean, act: Act): Promise<ActResult> {
    const results = await Promise.all(
      this.#meant(targets).map(async (id) => {
        try {
          const session = this.#needTarget(id, act)
          act.check(session)
          if (!dryRun) await act.carryOut(session)
          return { id, ok: true }
        } catch (error) {
          const { code, message } = toErrorBody(error)
          return { id, ok: false, error: { code, message } }
        }
      }),
    )
    return { results, job: null }
  }

  #meant(targets: Targets): readonly string[] {
    if ('ids' in targets) return [...new Set(targets.ids)]
    if ('client' in targets) return this.#rooms.orders.named(targets.client).map(({ id }) => id)
    return matchSessions(this.#rooms, targets.match)
      .filter(({ kind, state }) => kind === 'remote' && state.name !== 'closed')
      .map(({ id }) => id)
  }

  #needTarget(id: string, { forWeb = false }: Act): Session {
    const session = this.#rooms.sessions.need(id)
    if (session.kind !== 'remote' && !(forWeb && session.kind === 'web'))
      throw new TesseraError('NOT_ALLOWED', `A ${session.kind} session has no client to act on.`)
    if (session.state.name === 'closed') throw new TesseraError('SESSION_ENDED', 'The session has ended.')
    return session
  }
}
