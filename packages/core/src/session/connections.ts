import { ConnectionRefused, TesseraError } from '@tessera/protocol'
import type { Directory } from '../access/directory.ts'
import type { Entry } from '../access/entry.ts'
import type { Licences } from '../access/licences.ts'
import type { Introduction, OpenedSession } from '../commands.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import type { Process } from '../process/process.ts'
import type { Processes } from '../process/processes.ts'
import type { Versions } from '../version/versions.ts'
import { admitSession } from './admit-session.ts'
import type { Orders } from './orders.ts'
import type { Session } from './session.ts'
import type { SessionEnd } from './session-end.ts'
import type { SessionKeeper } from './session-keeper.ts'
import type { LifePart } from './session-parts.ts'
import type { SessionState } from './session-state.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  sessions: Sessions
  keeper: SessionKeeper
  versions: Versions
  directory: Directory
  processes: Processes
  end: SessionEnd
  orders: Orders
  entry: Entry
  licences: Licences
}

/** How a remote client gets in, is lost, and comes back (4d.md SES-50, SES-53, SLP-02, SLP-10). */
export class Connections {
  readonly #ports: Ports
  readonly #options: EngineOptions
  readonly #rooms: Rooms
  /** Put back, and not waiting for their clients yet. */
  readonly #restored: Session[] = []
  #refusal: 'SERVER_STARTING' | 'SERVER_STOPPING' | null = 'SERVER_STARTING'

  constructor(ports: Ports, options: EngineOptions, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
  }

  /** Clients are let in from now on (4d.md CON-19). */
  admit(): void {
    this.#refusal = null
    this.#waitForRestored()
  }

  /** Clients are let in no longer. */
  refuse(): void {
    this.#refusal = 'SERVER_STOPPING'
  }

  /**
   * A new session for a client that signs in, pinned to the current version, with its main process open.
   * @throws ConnectionRefused with the codes of the contract.
   */
  async open(introduction: Introduction): Promise<OpenedSession> {
    this.#checkAdmission(introduction.address)
    this.#checkProject(introduction.project)
    const user = await this.#rooms.directory.signIn(introduction)
    // Again: much may have happened while the password was checked. From here to `sessions.add` nothing waits.
    this.#checkAdmission(introduction.address)
    const session = this.#create(introduction, user)
    const { main, resume } = await this.#openMain(session)
    const opened = this.#welcome(session, main, resume)
    this.#ports.bus.emit({ name: 'session.opened', sessionId: session.id })
    this.#rooms.processes.announce(main)
    this.#rooms.orders.opened(session)
    return opened
  }

  /** The session that the token belongs to goes on over a new connection; an older one is let go (SPEC S7, S9). */
  async resume(token: string, address: string): Promise<OpenedSession> {
    this.#checkRunning()
    this.#rooms.entry.checkAddress(address)
    const hash = this.#ports.hasher.digest(token)
    const session = this.#needResumable(hash)
    // A session that is ending: nobody is told so before a restart would know (SPEC S24).
    await session.ending
    return session.changes.run(() => this.#resume(session, hash, address))
  }

  async #resume(session: Session, hash: string, address: string): Promise<OpenedSession> {
    const { bus, clock, isolates } = this.#ports
    this.#needResumable(hash)
    // The presented one stays good until the new one is used: this welcome may never arrive.
    const resume = this.#newResume(hash)
    await this.#rooms.keeper.keepResumed(session, resume.hashes)
    this.#needResumable(hash)
    const replaced = session.state.name === 'active' ? session.state.connection : null
    session.cancelTimer?.()
    session.cancelTimer = null
    session.address = address
    const opened = this.#welcome(session, needMain(session), resume)
    if (replaced !== null) bus.emit({ name: 'session.replaced', sessionId: session.id, connection: replaced })
    isolates.pushFacts(session.facts(clock.now()))
    bus.emit({ name: 'session.resumed', sessionId: session.id })
    this.#rooms.orders.resumed(session)
    return { ...opened, resumed: true }
  }

  /** @throws ConnectionRefused `SESSION_ENDED`, with the reason where it is still known. */
  #needResumable(hash: string): Session {
    const session = this.#rooms.sessions.findByResume(hash)
    if (session !== undefined && session.main !== null && session.state.name !== 'draining') return session
    const why = session === undefined ? this.#rooms.sessions.whyEnded(hash) : undefined
    throw new ConnectionRefused('SESSION_ENDED', `The session to resume has ended: ${why === undefined ? 'sign in again.' : `${why} Sign in again.`}`)
  }

  /** The transport is gone without a goodbye: the session waits for its client (SPEC S6). */
  detach(session: Session, connection: number): void {
    this.#away(session, connection, session.leaving ?? 'unreachable')
  }

  /**
   * Its client is away by agreement: the machine sleeps (4d.md SLP-01), or the idle connection is given up until the next
   * request (4d.md SES-51). Kept, so that a restart does not cut it short.
   */
  leave(session: Session, connection: number, state: 'sleeping' | 'postponed'): Promise<void> {
    return session.changes.run(async () => {
      if (!isHere(session, connection)) return
      if (state === 'postponed' && !session.mayPostpone) throw new TesseraError('ILLEGAL_STATE', 'This client did not say that it may be postponed.')
      const since = this.#ports.clock.now()
      // Its transport may go before this is kept: that is no loss.
      session.leaving = state
      try {
        await this.#rooms.keeper.keepLife(session, { name: state, since, removedAt: this.#removalFrom(since, state) })
      } finally {
        session.leaving = null
      }
      this.#away(session, connection, state)
    })
  }

  /** The client holds the newest resume token: the one before is good no longer (SPEC S8). */
  confirm(session: Session, token: string): Promise<void> {
    const hash = this.#ports.hasher.digest(token)
    return session.changes.run(async () => {
      if (session.resumeHashes[0] !== hash) return
      session.restarted = false
      if (session.resumeHashes.length === 1) return
      await this.#rooms.keeper.keepResume(session, [hash])
      if (session.state.name !== 'closed') this.#rooms.sessions.setResume(session, [hash])
    })
  }

  /** Waits for a client that was there before the server was restarted (SPEC S23): from the moment on when clients are let in. */
  awaitClient(session: Session, life: LifePart | null): void {
    const now = this.#ports.clock.now()
    const { name, since, removedAt } = life ?? { name: 'unreachable' as const, since: now, removedAt: 0 }
    session.move({ name, since, removedAt: Math.max(removedAt, this.#removalFrom(now, 'unreachable')) }, since)
    this.#restored.push(session)
  }

  /** Time during which nobody could come back does not count. */
  #waitForRestored(): void {
    const least = this.#removalFrom(this.#ports.clock.now(), 'unreachable')
    for (const session of this.#restored.splice(0)) {
      session.waitUntil(least)
      this.#endInTime(session)
    }
  }

  #away(session: Session, connection: number, name: Away): void {
    if (!isHere(session, connection)) return
    const since = this.#ports.clock.now()
    const removedAt = this.#removalFrom(since, name)
    this.#wait(session, { name, since, removedAt })
    this.#ports.isolates.pushFacts(session.facts(since))
    this.#ports.bus.emit({ name: 'session.detached', sessionId: session.id, state: name, removedAt })
  }

  #wait(session: Session, state: { name: Away; since: number; removedAt: number }): void {
    session.move(state, state.since)
    this.#endInTime(session)
  }

  #endInTime(session: Session): void {
    const { clock } = this.#ports
    const { state } = session
    if (!('removedAt' in state)) return
    session.cancelTimer = clock.after(state.removedAt - clock.now(), () => {
      // A clock may wake earlier where the time is very long.
      if (clock.now() < state.removedAt) this.#endInTime(session)
      else void this.#rooms.end.close(session, 'SESSION_ENDED', waits[state.name].expired)
    })
  }

  #removalFrom(at: number, state: Away): number {
    return at + this.#options[waits[state].seconds] * 1000
  }

  #checkAdmission(address: string): void {
    this.#checkRunning()
    this.#rooms.entry.check(address)
    this.#rooms.licences.check()
  }

  #checkRunning(): void {
    if (this.#refusal === null) return
    const doing = this.#refusal === 'SERVER_STARTING' ? 'starting' : 'stopping'
    throw new ConnectionRefused(this.#refusal, `The server is ${doing}: try again in a moment.`, { retryAfterMs: 1000 })
  }

  #checkProject(project: string | null): void {
    const { facts } = this.#rooms.versions.needCurrent().package
    if (project !== null && project !== facts.project && project !== facts.publication) {
      throw new ConnectionRefused('UNKNOWN_PROJECT', `This server publishes "${facts.publication}", not "${project}".`)
    }
  }

  #create(introduction: Introduction, user: { id: number; name: string }): Session {
    const { machineName, systemUserName, hostType, address, mayPostpone } = introduction
    const version = this.#rooms.versions.needCurrent()
    const owner = { kind: 'remote', user, machineName, systemUserName, hostType, address, mayPostpone, version } as const
    const session = admitSession(this.#ports, this.#options, { rooms: this.#rooms, owner })
    this.#rooms.orders.opening(session)
    return session
  }

  async #openMain(session: Session): Promise<{ main: Process; resume: NewResume }> {
    try {
      session.main = await this.#rooms.processes.open(session, 'main')
      checkOpening(session)
      const resume = this.#newResume(null)
      await this.#rooms.keeper.keepOpened(session, resume.hashes)
      checkOpening(session)
      return { main: session.main, resume }
    } catch (error) {
      const refusal = refusalOf(error, session.state)
      await this.#rooms.end.close(session, refusal.code, refusal.message)
      throw refusal
    }
  }

  #newResume(presented: string | null): NewResume {
    const token = this.#ports.ids.secret()
    const hash = this.#ports.hasher.digest(token)
    return { token, hashes: presented === null ? [hash] : [hash, presented] }
  }

  #welcome(session: Session, main: Process, { token, hashes }: NewResume): OpenedSession {
    const now = this.#ports.clock.now()
    session.connection += 1
    session.lastActivityAt = now
    session.move({ name: 'active', connection: session.connection }, now)
    this.#rooms.sessions.setResume(session, hashes)
    const open = [...session.processes.values()].filter(({ closed, kind }) => !closed && kind === 'twin')
    return {
      sessionId: session.id,
      connection: session.connection,
      resumeToken: token,
      ticket: this.newTicket(session),
      version: session.version.label,
      mainProcess: { id: main.id, number: main.number },
      processes: open.map(({ number, name }) => ({ process: number, name })),
      userName: session.user.name,
      resumed: false,
      restarted: session.restarted,
      messages: session.messages,
      order: session.orders?.toldOrder ?? null,
      toldOrder: session.orders?.told ?? 0,
    }
  }

  /** Lets the holder download the package that the session runs, in place of any ticket before. */
  newTicket(session: Session): string {
    const ticket = this.#ports.ids.secret()
    this.#rooms.sessions.setTicket(session, this.#ports.hasher.digest(ticket))
    return ticket
  }
}

interface NewResume {
  token: string
  hashes: readonly string[]
}

/** Whether its client is there, over that connection. */
const isHere = ({ connection: latest, state }: Session, connection: number): boolean => latest === connection && state.name === 'active'

/** @throws TesseraError `SESSION_ENDED`. */
const checkOpening = ({ state }: Session): void => {
  if (state.name !== 'opening') throw new TesseraError('SESSION_ENDED', 'The session was ended while it opened.')
}

/** @throws TesseraError `SESSION_ENDED`. */
const needMain = ({ main }: Session): Process => {
  if (main === null) throw new TesseraError('SESSION_ENDED', 'The session has no main process any more.')
  return main
}

type Away = 'unreachable' | 'sleeping' | 'postponed'

const waits: Readonly<Record<Away, { seconds: 'graceSeconds' | 'sleepSeconds' | 'postponedSeconds'; expired: string }>> = {
  unreachable: { seconds: 'graceSeconds', expired: 'The client did not come back in time.' },
  sleeping: { seconds: 'sleepSeconds', expired: "The client's machine slept for too long." },
  postponed: { seconds: 'postponedSeconds', expired: 'The postponed session expired.' },
}

/** Why a session did not open, as its client is told. */
const refusalOf = (error: unknown, state: SessionState): ConnectionRefused => {
  if (state.name === 'closed') return new ConnectionRefused(state.code, state.reason)
  if (error instanceof ConnectionRefused) return error
  if (error instanceof TesseraError && error.code === 'JOURNAL_UNWRITABLE')
    return new ConnectionRefused(error.code, error.message, { cause: error, retryAfterMs: 1000 })
  const why = error instanceof TesseraError ? error.message : 'unexpected error'
  return new ConnectionRefused('OPEN_CONNECTION_REFUSED', `onServerOpenConnection failed: ${why}`, { cause: error, returned: { code: -1, text: why } })
}
