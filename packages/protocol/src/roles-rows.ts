import type { Problem } from './problem.ts'
import type { RejectedBuild } from './rows.ts'

/** The roles in force, for the whole server. */
export interface RolesRow {
  /** When they came into force, through whom, and out of what: a version's id, the file alone, or nothing yet. */
  since: string
  by: string
  from: { kind: 'version'; id: string } | { kind: 'file' } | { kind: 'nothing' }
  restrictedByDefault: boolean
  forceLogin: boolean
  privileges: PrivilegeRow[]
  roles: RoleRow[]
  permissions: PermissionRow[]
  warnings: Problem[]
  /** Why the roles.json that was read last is not in force; null where it is. */
  problem: RejectedBuild | null
}

export interface PrivilegeRow {
  privilege: string
  includes: string[]
  /** All that is held with it, itself among it, sorted; of very many the nearest ones, and then `cut`. */
  expanded: string[]
  cut: boolean
}

export interface RoleRow {
  role: string
  privileges: string[]
  expanded: string[]
  cut: boolean
}

export interface PermissionRow {
  applyTo: string
  type: string
  /** Names of privileges by action: create, read, update, drop, execute, promote, describe. */
  lists: Record<string, string[]>
  /** Lines of roles.json. */
  lines: number[]
}

/** Whether a session may do something, on either side, and why. */
export interface ExplanationRow {
  session: string
  action: string
  resource: { type: string; name: string }
  /** Desktop code is never checked: null for a session that has no desktop side. */
  desktop: { allowed: true } | null
  web: {
    allowed: boolean
    decidedBy: 'permission' | 'open' | 'restrictedByDefault' | 'forceLogin'
    /** The entry of roles.json that decided. */
    permission: PermissionRow | null
    /** Privileges that would do, any of them. */
    wouldDo: string[]
    /** Those of them that are held, and through which inclusions, from the one that was set; `byAll`: every guest holds it. */
    held: { privilege: string; through: string[]; byAll: boolean }[]
  }
  /** All of it, for people. */
  sentences: string[]
}
