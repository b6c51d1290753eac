import type { RejectedBuild } from '@tessera/protocol'
import type { VersionId } from '../ids.ts'
import { noRoles, type Roles, sameRoles } from './roles/roles.ts'

/** Where roles came from: nothing was published yet, a version's package, or the file alone. */
export type RolesOrigin = { kind: 'nothing' } | { kind: 'version'; id: VersionId } | { kind: 'file' }

interface Taken {
  /** As `begin` numbered it. */
  reading: number
  at: number
  by: string
  from: RolesOrigin
}

/**
 * The last good roles: one set for the whole server, whatever versions its sessions run. What was read later wins, however
 * long the reading of something else takes: a build that began before a privilege was revoked does not bring it back.
 */
export class RolesInForce {
  #current: Roles = noRoles
  #since: Omit<Taken, 'reading'> = { at: 0, by: '', from: { kind: 'nothing' } }
  #problem: RejectedBuild | null = null
  #begun = 0
  /** The readings that were taken and refused last. */
  #taken = 0
  #refused = 0

  get current(): Roles {
    return this.#current
  }

  /** When they came into force, through whom, and out of what. */
  get since(): Omit<Taken, 'reading'> {
    return this.#since
  }

  /** Why the file that was read last is not in force; null where it is. */
  get problem(): RejectedBuild | null {
    return this.#problem
  }

  /** Numbers a reading of the project folder, before it begins. */
  begin(): number {
    this.#begun += 1
    return this.#begun
  }

  /** `mended`: they say the same as those in force, and a file that was refused is put right. */
  take(roles: Roles, { reading, ...since }: Taken): 'changed' | 'mended' | 'same' {
    if (reading < this.#taken) return 'same'
    const mended = this.#problem !== null && reading > this.#refused
    this.#taken = reading
    if (mended) this.#problem = null
    const same = sameRoles(roles, this.#current)
    this.#current = roles
    // The moment is that of the change; a version that says the same has them for a restart.
    if (!same || this.#since.from.kind === 'nothing') this.#since = since
    else if (since.from.kind === 'version') this.#since = { ...this.#since, from: since.from }
    if (same) return mended ? 'mended' : 'same'
    return 'changed'
  }

  /** The last good ones stay. Whether it was the latest reading. */
  refuse(problem: RejectedBuild, reading: number): boolean {
    if (reading < Math.max(this.#taken, this.#refused)) return false
    this.#refused = reading
    this.#problem = problem
    return true
  }
}
