import { TesseraError } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { Session } from '../session/session.ts'

type PrivilegePorts = Pick<Ports, 'bus' | 'clock' | 'isolates' | 'logger'>

const mostNames = 1000

/** Adds declared names to what the session holds; others are ignored, with a warning in the log (4d.md SES-34). */
export const setPrivileges = (ports: PrivilegePorts, session: Session, names: readonly string[], roles: readonly string[]): readonly string[] => {
  if (names.length + roles.length > mostNames) throw new TesseraError('BAD_REQUEST', `At most ${mostNames} privileges can be set at once.`)
  const { ignored } = session.addPrivileges(names, roles)
  if (ignored.length > 0)
    ports.logger.warn('Privileges that roles.json does not declare were ignored', { session: session.id, names: ignored.join(', ').slice(0, 500) })
  return told(ports, session)
}

export const clearPrivileges = (ports: PrivilegePorts, session: Session): readonly string[] => {
  session.clearPrivileges()
  return told(ports, session)
}

const told = (ports: PrivilegePorts, session: Session): readonly string[] => {
  ports.isolates.pushFacts(session.facts(ports.clock.now()))
  ports.bus.emit({ name: 'privileges.changed', sessionId: session.id, privileges: session.privileges })
  return session.privileges
}
