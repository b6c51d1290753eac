import { TesseraError } from '@tessera/protocol'
import { type Access, type Judgement, judge } from './permissions.ts'
import { type Held, hold } from './roles/held.ts'
import type { Roles } from './roles/roles.ts'

/** Where a request comes from. Every edge says it; nothing else tells the two sides of a shared session apart. */
export type Origin = 'desktop' | 'web'

/** What a session holds, under the roles in force. */
export interface Bearer {
  readonly roles: Roles
  readonly held: Held
  readonly privilegesSet: readonly string[]
}

export interface Wanted extends Access {
  /** Names lent to the process that asks, beyond what the session holds (4d.md PRV-15, SES-42). */
  promoted?: readonly string[]
}

/**
 * The one place that makes privileges bind web requests, and nothing else: desktop code is never checked (4d.md PRV-13, SES-07).
 * The sentence names no privilege: what would open the door is not for whoever stands before it.
 * @throws TesseraError `PRIVILEGE_REQUIRED`.
 */
export const authorise = (origin: Origin, bearer: Bearer, wanted: Wanted): void => {
  if (origin === 'desktop' || judgeBearer(bearer, wanted).allowed) return
  const { action, resource } = wanted
  throw new TesseraError('PRIVILEGE_REQUIRED', `This session may not ${action} ${resource.name.slice(0, 200)} on the web.`)
}

/** What would become of the request on the web, and why. */
export const judgeBearer = ({ roles, held, privilegesSet }: Bearer, { promoted = [], ...access }: Wanted): Judgement =>
  judge(roles, promoted.length === 0 ? held : hold(roles, [...privilegesSet, ...promoted]), access)
