import type { Session } from './session.ts'

/** What a web session has beside what every session has. */
export interface WebState {
  idleTimeoutMinutes: number
  /** Takes a licence, to its end. */
  licensed: boolean
  /** `setPrivileges` was called, and no logout since. */
  signedIn: boolean
}

/** The default and the minimum (4d.md SES-28). */
export const shortestIdleMinutes = 60

export const newWebState = (): WebState => ({ idleTimeoutMinutes: shortestIdleMinutes, licensed: false, signedIn: false })

/** Null for a session that is none of the web. */
export const idleSecondsOf = ({ web }: Session): number | null => (web === null ? null : web.idleTimeoutMinutes * 60)

/** When the session ends unless it is used. */
export const webExpiresAt = (session: Session, web: WebState): number => session.lastActivityAt + web.idleTimeoutMinutes * 60_000

/** Whether a web session's time is over, though nothing has ended it yet. */
export const isWebOver = (session: Session, now: number): boolean => session.web !== null && now >= webExpiresAt(session, session.web)

/** 4d.md SES-41: where sign-in is forced until there was one; elsewhere while nothing is held. */
export const isWebGuest = ({ roles, privileges }: Session, { signedIn }: WebState): boolean => (roles.forceLogin ? !signedIn : privileges.length === 0)
