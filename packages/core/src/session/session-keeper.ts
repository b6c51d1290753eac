import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { JournalEntry, SessionJournal } from '../ports/session-journal.ts'
import type { KeyedPart } from '../process/keyed-book.ts'
import type { Process } from '../process/process.ts'
import type { DecidedChange } from '../storage/storage-document.ts'
import type { Session } from './session.ts'
import {
  changeEntries,
  type EndedPart,
  keyedPart,
  type LifePart,
  messagePart,
  type OrderPart,
  orderPart,
  type ProcessPart,
  processPart,
  type RegistrationPart,
  type VersionPart,
} from './session-parts.ts'

/** While the journal cannot be written, what must be on it before the engine goes on is tried again this often. */
const tryAgainMs = 1000

/**
 * Keeps what sessions must not lose: each change is on the journal before anybody is told of it (decision 5; SPEC S21).
 * What cannot be kept is refused with `JOURNAL_UNWRITABLE`, and was never changed.
 */
export class SessionKeeper {
  readonly #ports: { clock: Clock; journal: SessionJournal; logger: Logger }
  #givenUp = false
  #later: Promise<void> | null = null

  constructor(ports: { clock: Clock; journal: SessionJournal; logger: Logger }) {
    this.#ports = ports
  }

  /** All that makes a session, in one piece: what was kept of it before (changes made by Open Connection) counts from now on. */
  async keepOpened(session: Session, resume: readonly string[]): Promise<void> {
    const { kind, user, machineName, systemUserName, hostType, address, mayPostpone, createdAt, main } = session
    const facts = { kind, user, machineName, systemUserName, hostType, address, mayPostpone, createdAt, main: main?.number ?? null }
    // From here on the journal may have it, whatever becomes of the session meanwhile: its end comes after this.
    const kept = (isKept: boolean): void => {
      session.kept = isKept
      if (main !== null) main.kept = isKept
    }
    kept(true)
    const opened = this.#append(session, {
      version: this.#versionPart(session),
      resume,
      ...(main === null ? {} : { [processPart(main.number)]: openPart(main) }),
      ...(session.orders === null ? {} : { registration: session.orders.registration }),
      facts,
    })
    await opened.catch((error: unknown) => {
      kept(false)
      throw error
    })
  }

  keepResume(session: Session, hashes: readonly string[]): Promise<void> {
    return this.#append(session, { resume: hashes })
  }

  /** It is with its client again: it waits by agreement no longer. */
  keepResumed(session: Session, hashes: readonly string[]): Promise<void> {
    return this.#append(session, { resume: hashes, life: null })
  }

  keepPrivileges(session: Session, names: readonly string[]): Promise<void> {
    return this.#append(session, { privileges: names })
  }

  keepVersion(session: Session, change: Partial<Pick<Session, 'version' | 'pendingReload'>>): Promise<void> {
    return this.#append(session, { version: this.#versionPart({ version: session.version, pendingReload: session.pendingReload, ...change }) })
  }

  keepLife(session: Session, life: LifePart): Promise<void> {
    return this.#append(session, { life })
  }

  keepProcess(session: Session, process: Process): Promise<void> {
    return this.#append(session, { [processPart(process.number)]: openPart(process) })
  }

  /** Close Connection begins only once it is known that it began: whatever happens, it is never begun twice (SPEC P5). */
  keepClosing(session: Session, process: Process): Promise<void> {
    const part: ProcessPart = { ...openPart(process), state: 'closing' }
    return this.#untilKept(() => this.#append(session, { [processPart(process.number)]: part }))
  }

  keepClosed(session: Session, process: Process): void {
    this.#soon(() => this.#append(session, { [processPart(process.number)]: null }))
  }

  keepMessage(session: Session, message: { number: number; text: string; at: number }): Promise<void> {
    return this.#append(session, { [messagePart(message.number)]: message, lastMessage: message.number })
  }

  forgetMessages(session: Session, numbers: readonly number[]): void {
    this.#soon(() => this.#append(session, Object.fromEntries(numbers.map((number) => [messagePart(number), null]))))
  }

  keepRegistration(session: Session, registration: RegistrationPart | null): Promise<void> {
    return this.#append(session, { registration })
  }

  keepOrder(session: Session, order: OrderPart, told: number): Promise<void> {
    return this.#append(session, { [orderPart(order.number)]: order, lastOrder: order.number, ordersTold: told })
  }

  /** Its client is told up to that number once this is known. */
  keepTold(session: Session, ordersTold: number): Promise<void> {
    return this.#untilKept(() => (session.state.name === 'closed' ? Promise.resolve() : this.#append(session, { ordersTold })))
  }

  forgetOrders(session: Session, numbers: readonly number[]): void {
    this.#soon(() => this.#append(session, Object.fromEntries(numbers.map((number) => [orderPart(number), null]))))
  }

  /** How far the call with that key is; null: nothing is known of it any more (SPEC P28). */
  keepKeyed(session: Session, key: string, part: KeyedPart | null): Promise<void> {
    return this.#append(session, { [keyedPart(key)]: part })
  }

  keepChange(session: Session, change: DecidedChange): Promise<void> {
    return this.#ports.journal.append(changeEntries(session.id, change))
  }

  /** From now on nobody resumes it, after a restart either. */
  async keepEnded(session: Session, ended: EndedPart): Promise<void> {
    if (session.kept) await this.#untilKept(() => this.#append(session, { ended, resume: [] }))
  }

  /** It is about to end, when what runs in it is done: after a restart at once. */
  async keepDraining(session: Session, ended: EndedPart): Promise<void> {
    if (session.kept) await this.#append(session, { ended })
  }

  forget(id: string): void {
    this.#soon(() => this.#ports.journal.forget(id))
  }

  /** The server stops: what cannot be kept now is not tried again. */
  giveUp(): void {
    this.#givenUp = true
  }

  #versionPart({ version, pendingReload }: Pick<Session, 'version' | 'pendingReload'>): VersionPart {
    const pending = pendingReload && { version: pendingReload.version.id, deadlineAt: pendingReload.deadlineAt, reason: pendingReload.reason }
    return { id: version.id, pendingReload: pending }
  }

  #append({ id }: Session, parts: Readonly<Record<string, unknown>>): Promise<void> {
    const entries = Object.entries(parts).map(([part, value]): JournalEntry => ({ session: id, part, text: value === null ? null : JSON.stringify(value) }))
    return this.#ports.journal.append(entries)
  }

  /** What nobody waits for. Whatever it takes away is of no use to anybody: later is as good as now. */
  #soon(append: () => Promise<void>): void {
    this.#untilKept(append).catch((error: unknown) => this.#ports.logger.error('The session journal could not be written', { detail: String(error) }))
  }

  async #untilKept(append: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await append()
      } catch (error) {
        if (this.#givenUp) throw error
      }
      await this.#laterOn()
    }
  }

  /** All that waits is tried again at the same moment, and the log says once that it waits. */
  #laterOn(): Promise<void> {
    this.#later ??= new Promise((resolve) => {
      this.#ports.logger.error('The session journal cannot be written: sessions that end wait for it')
      this.#ports.clock.after(tryAgainMs, () => {
        this.#later = null
        resolve()
      })
    })
    return this.#later
  }
}

const openPart = ({ id, name }: Process): ProcessPart => ({ id, name, state: 'open' })
