import type { DriftRow, SessionStateName } from '@tessera/protocol'
import { asProcessId, type SessionId } from '../ids.ts'
import type { Cancel } from '../ports/clock.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import type { Processes } from '../process/processes.ts'
import type { Versions } from '../version/versions.ts'
import type { Connections } from './connections.ts'
import type { Session } from './session.ts'
import type { SessionEnd } from './session-end.ts'
import type { Sessions } from './sessions.ts'

type ReconcilerPorts = Pick<Ports, 'bus' | 'clock' | 'connections' | 'isolates' | 'logger'>

interface Rooms {
  sessions: Sessions
  versions: Versions
  processes: Processes
  connections: Connections
  end: SessionEnd
}

/** Something out of step, and how it is put right. */
interface Finding {
  /** The same thing has the same key in the next round. */
  key: string
  what: string
  mend(): void
}

const mostDrift = 50
/** A session that ends keeps its connection until its client is told so. */
const hasConnection: ReadonlySet<SessionStateName> = new Set(['active', 'draining', 'closed'])

/**
 * Compares registry, connections, twins, licences and pins every few seconds, and puts right what has been out of step for
 * two rounds: a moment's difference is how things travel, two rounds' is a ghost (7-reliability.md, invariant 6; SPEC S26).
 * The same round asks quiet clients to give up their connection (4d.md SES-51).
 */
export class Reconciler {
  readonly #ports: ReconcilerPorts
  readonly #options: Pick<EngineOptions, 'checkSeconds' | 'postponeAfterSeconds'>
  readonly #rooms: Rooms
  #seen: ReadonlySet<string> = new Set()
  #drift: readonly DriftRow[] = []
  #cancel: Cancel | null = null

  constructor(ports: ReconcilerPorts, options: Pick<EngineOptions, 'checkSeconds' | 'postponeAfterSeconds'>, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
  }

  /** What was put right, newest first. */
  get drift(): readonly DriftRow[] {
    return this.#drift
  }

  /** Checks from now on, at the interval of the options; never where that is 0. */
  start(): void {
    const { checkSeconds } = this.#options
    if (checkSeconds === 0) return
    this.#cancel = this.#ports.clock.after(checkSeconds * 1000, () => {
      this.check()
      this.start()
    })
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = null
  }

  /** One round. */
  check(): void {
    const findings = [...this.#lostConnections(), ...this.#strayConnections(), ...this.#overdue(), ...this.#ghostTwins(), ...this.#licences(), ...this.#pins()]
    for (const finding of findings) if (this.#seen.has(finding.key)) this.#putRight(finding)
    this.#seen = new Set(findings.map(({ key }) => key))
    this.#postponeQuiet()
  }

  #putRight({ what, mend }: Finding): void {
    const at = this.#ports.clock.now()
    this.#drift = [{ at: new Date(at).toISOString(), what }, ...this.#drift].slice(0, mostDrift)
    this.#ports.logger.warn('Out of step, and put right', { what })
    mend()
    this.#ports.bus.emit({ name: 'drift.found', what, at })
  }

  /** Sessions that count as connected although no gateway knows their connection. */
  *#lostConnections(): Generator<Finding> {
    for (const session of this.#rooms.sessions.all()) {
      const { id, connection, state } = session
      if (session.kind !== 'remote' || state.name !== 'active' || this.#ports.connections.find(id) === connection) continue
      yield {
        key: `lost ${id} ${connection}`,
        what: `${nameOf(session)} counted as connected, and was not.`,
        mend: () => this.#rooms.connections.detach(session, connection),
      }
    }
  }

  /** Connections whose session is not there, is away, or goes on over another connection. */
  *#strayConnections(): Generator<Finding> {
    for (const [sessionId, connection] of this.#ports.connections.all()) {
      const session = this.#rooms.sessions.find(sessionId)
      const here = session !== undefined && session.connection === connection && hasConnection.has(session.state.name)
      if (here) continue
      yield {
        key: `stray ${sessionId} ${connection}`,
        what: `Connection ${connection} of session ${sessionId} was open, and belonged to nobody.`,
        mend: () => this.#ports.bus.emit({ name: 'connection.orphaned', sessionId, connection }),
      }
    }
  }

  /** Sessions that wait for their client past their time. */
  *#overdue(): Generator<Finding> {
    const now = this.#ports.clock.now()
    for (const session of this.#rooms.sessions.all()) {
      if (!('removedAt' in session.state) || session.state.removedAt > now) continue
      yield {
        key: `overdue ${session.id}`,
        what: `${nameOf(session)} waited for its client past its time.`,
        mend: () => void this.#rooms.end.close(session, 'SESSION_ENDED', 'The client did not come back in time.'),
      }
    }
  }

  *#ghostTwins(): Generator<Finding> {
    for (const id of this.#ports.isolates.heldSessions()) {
      if (this.#rooms.sessions.find(id) !== undefined) continue
      yield { key: `twin ${id}`, what: `An isolate held session ${id}, which has ended.`, mend: () => this.#ports.isolates.closeSession(id) }
    }
  }

  *#licences(): Generator<Finding> {
    const { sessions } = this.#rooms
    const [counted, found] = [sessions.counted, sessions.recounted]
    if (counted === found) return
    yield { key: 'licences', what: `${counted} licences counted as used; ${found} were.`, mend: () => sessions.trustBooks() }
  }

  *#pins(): Generator<Finding> {
    const { sessions, processes, versions } = this.#rooms
    for (const { version, who } of versions.pins()) {
      if (sessions.find(who) !== undefined || processes.find(asProcessId(who)) !== undefined) continue
      yield {
        key: `pin ${version.id} ${who}`,
        what: `Version ${version.id} was kept for ${who}, which has ended.`,
        mend: () => versions.unpin(version, who),
      }
    }
  }

  #postponeQuiet(): void {
    const { postponeAfterSeconds } = this.#options
    if (postponeAfterSeconds === 0) return
    const quietSince = this.#ports.clock.now() - postponeAfterSeconds * 1000
    for (const session of this.#rooms.sessions.all()) {
      if (session.mayPostpone && isQuiet(session, quietSince)) this.#ports.bus.emit({ name: 'session.quiet', sessionId: session.id })
    }
  }
}

const isQuiet = ({ state, lastActivityAt, stateSince, processes, messages }: Session, since: number): boolean =>
  state.name === 'active' && Math.max(lastActivityAt, stateSince) <= since && messages.length === 0 && [...processes.values()].every(({ idle }) => idle)

const nameOf = ({ id, user }: { id: SessionId; user: { name: string } }): string => `Session ${id} of ${user.name}`
