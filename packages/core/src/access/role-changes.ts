import { type Problem, TesseraError } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { Sessions } from '../session/sessions.ts'
import type { Version } from '../version/version.ts'
import { noRoles, type Roles } from './roles/roles.ts'
import type { RolesOrigin } from './roles-in-force.ts'

type RolePorts = Pick<Ports, 'bus' | 'clock' | 'isolates' | 'logger' | 'source'>

interface Reading {
  reading: number
  by: string
}

/** Puts roles into force, with a version or alone, and has every session follow them at once (SPEC A11, A30, A31). */
export class RoleChanges {
  readonly #ports: RolePorts
  readonly #sessions: Sessions

  constructor(ports: RolePorts, { sessions }: { sessions: Sessions }) {
    this.#ports = ports
    this.#sessions = sessions
  }

  /** Numbers a reading of the project folder, before it begins. */
  begin(): number {
    return this.#sessions.roles.begin()
  }

  /** A version became current: its roles come into force, unless the file was read again after its build began. */
  follow(version: Version, reading: Reading): void {
    this.#take(version.package.facts.roles, { kind: 'version', id: version.id }, reading)
  }

  /**
   * Reads roles.json alone. A broken one is refused whole; so is one that is gone, for with it all that it protects would be open.
   * @throws TesseraError `ROLES_INVALID` with problems, `PROJECT_NOT_FOUND`.
   */
  async reload(by: string): Promise<{ changed: boolean; warnings: readonly Problem[] }> {
    const reading = { reading: this.begin(), by }
    try {
      const roles = await this.#ports.source.roles()
      if (roles === null && this.#sessions.roles.current !== noRoles) throw gone()
      const read = roles ?? noRoles
      return { changed: this.#take(read, { kind: 'file' }, reading), warnings: read.warnings }
    } catch (error) {
      this.#refuse(error, reading)
      throw error
    }
  }

  /** Before a build: what roles.json says counts at once, whatever becomes of the code. That there is none, or no project, is for the build to say. */
  async freshen(by: string): Promise<void> {
    const reading = { reading: this.begin(), by }
    try {
      const roles = await this.#ports.source.roles()
      if (roles !== null) this.#take(roles, { kind: 'file' }, reading)
    } catch (error) {
      if (!(error instanceof TesseraError && error.code === 'PROJECT_NOT_FOUND')) this.#refuse(error, reading)
    }
  }

  #take(roles: Roles, from: RolesOrigin, { reading, by }: Reading): boolean {
    const { bus, clock, logger } = this.#ports
    const taken = this.#sessions.roles.take(roles, { reading, at: clock.now(), by, from })
    if (taken === 'mended') bus.emit({ name: 'roles.mended', by })
    if (taken !== 'changed') return false
    logger.info('Other roles are in force', { by, from: from.kind })
    // All of them before anybody is told: nobody sees half of a change.
    const concerned = [...this.#sessions.all()].filter((session) => session.refreshPrivileges())
    bus.emit({ name: 'roles.changed', by })
    for (const session of concerned) {
      this.#ports.isolates.pushFacts(session.facts(clock.now()))
      bus.emit({ name: 'privileges.changed', sessionId: session.id, privileges: session.privileges })
    }
    return true
  }

  #refuse(error: unknown, { reading, by }: Reading): void {
    const { bus, clock, logger } = this.#ports
    const problems = error instanceof TesseraError && error.problems !== undefined ? error.problems : [unplaced(error)]
    if (!this.#sessions.roles.refuse({ at: new Date(clock.now()).toISOString(), by, problems }, reading)) return
    const { line = 1, column = 1, message = '' } = problems[0] ?? {}
    logger.warn('A roles.json was refused; the roles before stay in force', { by, line, column, problem: message, detail: String(error) })
    bus.emit({ name: 'roles.rejected', by, problems })
  }
}

const problemOf = (message: string): Problem => ({ file: 'roles.json', line: 1, column: 1, severity: 'error', code: 'roles-invalid', message })

const gone = (): TesseraError => {
  const message = 'it is gone; what it said stays in force until a version without it is published'
  return new TesseraError('ROLES_INVALID', `roles.json is broken: ${message}`, { problems: [problemOf(message)] })
}

const unplaced = (error: unknown): Problem =>
  problemOf(error instanceof TesseraError ? error.message : 'it could not be read; the log of the server has the detail')
