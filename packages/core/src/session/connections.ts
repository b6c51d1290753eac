import { ConnectionRefused, TesseraError } from '@tessera/protocol'
import type { Directory } from '../access/directory.ts'
import type { Introduction, OpenedSession } from '../commands.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import type { Process } from '../process/process.ts'
import type { Processes } from '../process/processes.ts'
import type { Versions } from '../version/versions.ts'
import { admitSession } from './admit-session.ts'
import type { Session } from './session.ts'
import type { SessionEnd } from './session-end.ts'
import type { SessionState } from './session-state.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  sessions: Sessions
  versions: Versions
  directory: Directory
  processes: Processes
  end: SessionEnd
}

/** How a remote client gets in, is lost, and comes back (4d.md SES-50, SES-53, SLP-02, SLP-10). */
export class Connections {
  readonly #ports: Ports
  readonly #options: EngineOptions
  readonly #rooms: Rooms
  #refusal: 'SERVER_STARTING' | 'SERVER_STOPPING' | null = 'SERVER_STARTING'

  constructor(ports: Ports, options: EngineOptions, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
  }

  /** Clients are let in from now on (4d.md CON-19). */
  admit(): void {
    this.#refusal = null
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
    this.#checkAdmission()
    this.#checkProject(introduction.project)
    const user = await this.#rooms.directory.signIn(introduction)
    // Again: much may have happened while the password was checked. From here to `sessions.add` nothing waits.
    this.#checkAdmission()
    const session = this.#create(introduction, user)
    const main = await this.#openMain(session)
    const opened = this.#welcome(session, main, null)
    this.#ports.bus.emit({ name: 'session.opened', sessionId: session.id })
    this.#rooms.processes.announce(main)
    return opened
  }

  /** The session that the token belongs to goes on over a new connection; an older one is let go (SPEC S7, S9). */
  resume(token: string, address: string): OpenedSession {
    const { bus, clock, hasher, isolates } = this.#ports
    const hash = hasher.digest(token)
    const session = this.#rooms.sessions.findByResume(hash)
    if (session === undefined || session.main === null || session.state.name === 'draining') {
      throw new ConnectionRefused('SESSION_ENDED', 'The session to resume has ended: sign in again.')
    }
    const replaced = session.state.name === 'active' ? session.state.connection : null
    session.cancelTimer?.()
    session.cancelTimer = null
    session.address = address
    const opened = this.#welcome(session, session.main, hash)
    if (replaced !== null) bus.emit({ name: 'session.replaced', sessionId: session.id, connection: replaced })
    isolates.pushFacts(session.facts(clock.now()))
    bus.emit({ name: 'session.resumed', sessionId: session.id })
    return opened
  }

  /** The transport is gone without a goodbye: the session waits for its client (SPEC S6). */
  detach(session: Session, connection: number): void {
    this.#away(session, connection, 'unreachable')
  }

  /** The machine goes to sleep (4d.md SLP-01). */
  sleep(session: Session, connection: number): void {
    this.#away(session, connection, 'sleeping')
  }

  /** The client gives up its connection until its next request (4d.md SES-51). */
  postpone(session: Session, connection: number): void {
    this.#away(session, connection, 'postponed')
  }

  /** The client holds the newest resume token: the one before is good no longer (SPEC S8). */
  confirm(session: Session, token: string): void {
    const hash = this.#ports.hasher.digest(token)
    if (session.resumeHashes[0] === hash) this.#rooms.sessions.setResume(session, [hash])
  }

  #away(session: Session, connection: number, state: Away): void {
    const { clock, bus, isolates } = this.#ports
    if (session.connection !== connection || session.state.name !== 'active') return
    const since = clock.now()
    const removedAt = since + this.#options[waits[state].seconds] * 1000
    session.move({ name: state, since, removedAt })
    session.stateSince = since
    isolates.pushFacts(session.facts(since))
    session.cancelTimer = clock.after(removedAt - since, () => {
      void this.#rooms.end.close(session, 'SESSION_ENDED', waits[state].expired)
    })
    bus.emit({ name: 'session.detached', sessionId: session.id, state, removedAt })
  }

  #checkAdmission(): void {
    if (this.#refusal !== null) {
      const doing = this.#refusal === 'SERVER_STARTING' ? 'starting' : 'stopping'
      throw new ConnectionRefused(this.#refusal, `The server is ${doing}: try again in a moment.`, { retryAfterMs: 1000 })
    }
    const { maxClients } = this.#options
    if (maxClients !== null && this.#rooms.sessions.counted >= maxClients) {
      throw new ConnectionRefused('LICENCES_EXHAUSTED', `All ${maxClients} licences are in use.`, { retryAfterMs: 60_000 })
    }
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
    return admitSession(this.#ports, this.#options, { rooms: this.#rooms, owner })
  }

  async #openMain(session: Session): Promise<Process> {
    try {
      session.main = await this.#rooms.processes.open(session, 'main')
      if (session.state.name === 'opening') return session.main
      throw new TesseraError('SESSION_ENDED', 'The session was ended while it opened.')
    } catch (error) {
      const refusal = refusalOf(error, session.state)
      await this.#rooms.end.close(session, refusal.code, refusal.message)
      throw refusal
    }
  }

  #welcome(session: Session, main: Process, presented: string | null): OpenedSession {
    const { ids, hasher, clock } = this.#ports
    const resumeToken = ids.secret()
    session.connection += 1
    session.lastActivityAt = clock.now()
    session.move({ name: 'active', connection: session.connection })
    // The presented one stays good until the new one is used: this welcome may never arrive.
    this.#rooms.sessions.setResume(session, presented === null ? [hasher.digest(resumeToken)] : [hasher.digest(resumeToken), presented])
    const open = [...session.processes.values()].filter(({ closed, kind }) => !closed && kind === 'twin')
    return {
      sessionId: session.id,
      connection: session.connection,
      resumeToken,
      ticket: this.newTicket(session),
      version: session.version.label,
      mainProcess: { id: main.id, number: main.number },
      processes: open.map(({ number, name }) => ({ process: number, name })),
      userName: session.user.name,
      resumed: presented !== null,
      restarted: session.restarted,
      messages: session.messages,
    }
  }

  /** Lets the holder download the package that the session runs, in place of any ticket before. */
  newTicket(session: Session): string {
    const ticket = this.#ports.ids.secret()
    this.#rooms.sessions.setTicket(session, this.#ports.hasher.digest(ticket))
    return ticket
  }
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
  const why = error instanceof TesseraError ? error.message : 'unexpected error'
  return new ConnectionRefused('OPEN_CONNECTION_REFUSED', `onServerOpenConnection failed: ${why}`, { cause: error, returned: { code: -1, text: why } })
}
