import { roles, TesseraError } from '@tessera/protocol'
import type { Actor } from '../actor.ts'
import type { CommandName, Commands } from '../commands.ts'

/** `own`: a client, for its own session. `code`: project code; `ownCode`: for its own session. A role: an operator of that role or a higher one. */
type Who = 'own' | 'code' | 'ownCode' | 'edge' | 'viewer' | 'operator' | 'admin'

/** Who may dispatch what. The system may everything; whoever is not named may not. */
const allowed: Readonly<Record<CommandName, readonly Who[]>> = {
  'session.open': ['edge'],
  'session.resume': ['edge'],
  'session.confirm': ['own'],
  'session.sleep': ['own'],
  'session.postpone': ['own'],
  'session.received': ['own'],
  'session.detach': ['own'],
  'session.close': ['own'],
  'session.move': ['own'],
  'web.open': ['edge'],
  'web.find': ['edge'],
  'web.close': ['edge'],
  'web.call': ['edge'],
  'share.close': ['operator'],
  'otp.create': ['ownCode'],
  'otp.redeem': ['edge'],
  'session.restore': ['ownCode'],
  'session.setIdleTimeout': ['ownCode'],
  'standalone.open': [],
  'standalone.run': [],
  'session.disconnect': ['operator'],
  'session.end': ['operator'],
  'session.reload': ['operator'],
  'session.message': ['code', 'operator'],
  'client.register': ['own'],
  'client.unregister': ['own'],
  'client.order': ['code', 'operator'],
  'order.results': ['code', 'operator'],
  'order.cancel': ['code', 'operator'],
  'order.received': ['own'],
  'order.done': ['own'],
  'message.receipt': ['code', 'operator'],
  'process.open': ['own'],
  'process.close': ['own'],
  'process.abort': ['operator'],
  'process.pause': ['operator'],
  'process.activate': ['operator'],
  'method.call': ['own'],
  'call.cancel': ['own'],
  'procedure.start': ['own', 'code', 'operator'],
  'procedure.result': ['own', 'code', 'operator'],
  'procedure.progress': ['own', 'code'],
  'procedure.cancel': ['own', 'code', 'operator'],
  'schedule.start': ['operator'],
  'storage.commit': ['code'],
  'storage.turn': ['code'],
  'storage.set': ['operator'],
  'privileges.set': ['ownCode', 'operator'],
  'privileges.clear': ['ownCode', 'operator'],
  'privileges.promote': ['ownCode'],
  'privileges.demote': ['ownCode'],
  'roles.reload': ['admin'],
  'version.reload': ['code', 'operator'],
  'directory.addUser': ['admin'],
  'directory.setPassword': ['admin'],
  'directory.setEnabled': ['admin'],
  'directory.removeUser': ['admin'],
  'directory.putGroup': ['admin'],
  'connections.reject': ['operator'],
  'connections.accept': ['operator'],
  'connections.setAddresses': ['admin'],
  'connections.addAddress': ['admin'],
  'licences.set': ['admin'],
  'operator.signIn': ['edge'],
  'operator.exchange': ['edge'],
  'operator.signOut': ['viewer'],
  'token.create': ['admin'],
  'token.revoke': ['admin'],
  'link.create': ['admin'],
}

/** A name that came from outside finds nothing here but commands. */
const table: ReadonlyMap<string, readonly Who[]> = new Map(Object.entries(allowed))

/** @throws TesseraError `NOT_ALLOWED`. */
export const authorise = <Name extends CommandName>(name: Name, input: Commands[Name][0], by: Actor): void => {
  const whoMay = table.get(name)
  if (whoMay === undefined) throw new TesseraError('NOT_ALLOWED', 'There is no such command.')
  if (by.kind === 'system' || whoMay.some((who) => fits(who, input, by))) return
  const needed = whoMay.find((who) => who === 'viewer' || who === 'operator' || who === 'admin')
  throw new TesseraError(
    'NOT_ALLOWED',
    needed !== undefined && by.kind === 'operator' ? `This takes the role "${needed}"; yours is "${by.role}".` : 'This is not allowed here.',
  )
}

const fits = (who: Who, input: object, by: Actor): boolean => {
  switch (who) {
    case 'own':
      return by.kind === 'client' && 'sessionId' in input && input.sessionId === by.sessionId
    case 'code':
      return by.kind === 'code'
    case 'ownCode':
      return by.kind === 'code' && 'sessionId' in input && input.sessionId === by.sessionId
    case 'edge':
      return by.kind === 'edge'
    default:
      return by.kind === 'operator' && roles.indexOf(by.role) >= roles.indexOf(who)
  }
}
