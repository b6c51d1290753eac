import { TesseraError } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { Session } from '../session/session.ts'
import type { SessionKeeper } from '../session/session-keeper.ts'

type PrivilegePorts = Pick<Ports, 'bus' | 'clock' | 'isolates' | 'logger'>

interface Rooms {
  keeper: SessionKeeper
}

const mostNames = 1000

/** What sessions are given and lose: kept first, then in force for every call that begins (SPEC A9, A12). */
export class Privileges {
  readonly #ports: PrivilegePorts
  readonly #rooms: Rooms

  constructor(ports: PrivilegePorts, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /** Adds declared names to what the session holds; others are ignored, with a warning in the log (4d.md SES-34). */
  async set(session: Session, names: readonly string[], roles: readonly string[]): Promise<readonly string[]> {
    if (names.length + roles.length > mostNames) throw new TesseraError('BAD_REQUEST', `At most ${mostNames} privileges can be set at once.`)
    return this.#change(session, () => {
      const { keys, ignored } = session.withPrivileges(names, roles)
      this.#warn(session, ignored)
      return keys
    })
  }

  clear(session: Session): Promise<readonly string[]> {
    return this.#change(session, () => [])
  }

  #change(session: Session, next: () => readonly string[]): Promise<readonly string[]> {
    return session.changes.run(async () => {
      const keys = next()
      await this.#rooms.keeper.keepPrivileges(session, keys)
      session.setPrivileges(keys)
      this.#ports.isolates.pushFacts(session.facts(this.#ports.clock.now()))
      this.#ports.bus.emit({ name: 'privileges.changed', sessionId: session.id, privileges: session.privileges })
      return session.privileges
    })
  }

  #warn({ id }: Session, ignored: readonly string[]): void {
    if (ignored.length === 0) return
    this.#ports.logger.warn('Privileges that roles.json does not declare were ignored', { session: id, names: ignored.join(', ').slice(0, 500) })
  }
}
