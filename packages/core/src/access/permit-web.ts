import { TesseraError } from '@tessera/protocol'
import type { MethodFacts } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import { isLoginForced } from './force-login.ts'

/** A call that came from the web, when its turn has come. */
export interface WebCall {
  session: Session
  method: MethodFacts
}

/** Whether a call of web origin may run; desktop calls are never asked (4d.md PRV-13). @throws TesseraError `PRIVILEGE_REQUIRED`. */
export type WebPermit = (call: WebCall) => void | Promise<void>

/** Where sign-in is forced a guest may do that and nothing else (4d.md WEB-07, PRV-14). */
export const permitWeb: WebPermit = ({ session, method }) => {
  if (!isLoginForced(session.version.package.facts.roles) || !session.isGuest || method.name === 'authentify') return
  throw new TesseraError('PRIVILEGE_REQUIRED', 'This project wants its visitors to sign in first.')
}
