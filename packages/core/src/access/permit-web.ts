import { TesseraError } from '@tessera/protocol'
import type { MethodFacts } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import { authorise } from './authorise.ts'
import type { Resource } from './roles/roles.ts'

/** A call that came from the web, when its turn has come. */
export interface WebCall {
  session: Session
  method: Pick<MethodFacts, 'name'>
  /** Lent to the call by roles.json and by `promote`. */
  promoted: readonly string[]
}

/** As roles.json names a server method. */
export const methodResource = ({ name }: Pick<MethodFacts, 'name'>): Resource => ({ type: 'method', name })

/**
 * Whether a call of web origin may run; desktop calls are never asked (4d.md PRV-13). Where sign-in is forced a guest may do
 * that and nothing else (4d.md WEB-07, PRV-14). @throws TesseraError `PRIVILEGE_REQUIRED`.
 */
export const permitWeb = ({ session, method, promoted }: WebCall): void => {
  if (session.roles.forceLogin && session.isGuest) {
    if (method.name === signingIn) return
    throw new TesseraError('PRIVILEGE_REQUIRED', 'This project wants its visitors to sign in first.')
  }
  authorise('web', session, { action: 'execute', resource: methodResource(method), promoted })
}

const signingIn = 'authentify'
