import { expect, test } from 'vitest'
import type { Actor } from '../actor.ts'
import type { CommandName } from '../commands.ts'
import { asProcessId, asSessionId } from '../ids.ts'
import { authorise } from './authorise.ts'

const mine = asSessionId('A'.repeat(32))
const another = asSessionId('B'.repeat(32))
const processId = asProcessId('C'.repeat(32))
const operator = (role: 'viewer' | 'operator' | 'admin'): Actor => ({ kind: 'operator', name: 'somebody', role, via: 'console' })

const actors = {
  client: { kind: 'client', sessionId: mine },
  'other client': { kind: 'client', sessionId: another },
  code: { kind: 'code', sessionId: mine, processId },
  'other code': { kind: 'code', sessionId: another, processId },
  edge: { kind: 'edge', address: '10.0.0.1' },
  viewer: operator('viewer'),
  operator: operator('operator'),
  admin: operator('admin'),
  system: { kind: 'system' },
} as const satisfies Record<string, Actor>
type ActorName = keyof typeof actors

const own: ActorName[] = ['client']
const edge: ActorName[] = ['edge']
const anyCode: ActorName[] = ['code', 'other code']
const operators: ActorName[] = ['operator', 'admin']
const nobody: ActorName[] = []

/** Whoever may besides the system. A command that is missing here does not compile. */
const expected: Record<CommandName, readonly ActorName[]> = {
  'session.open': edge,
  'session.resume': edge,
  'session.confirm': own,
  'session.sleep': own,
  'session.postpone': own,
  'session.received': own,
  'session.detach': own,
  'session.close': own,
  'session.move': own,
  'web.open': edge,
  'web.find': edge,
  'web.close': edge,
  'web.call': edge,
  'share.close': operators,
  'otp.create': ['code'],
  'otp.redeem': edge,
  'session.restore': ['code'],
  'session.setIdleTimeout': ['code'],
  'standalone.open': nobody,
  'standalone.run': nobody,
  'session.disconnect': operators,
  'session.end': operators,
  'session.reload': operators,
  'session.message': [...anyCode, ...operators],
  'client.register': own,
  'client.unregister': own,
  'client.order': [...anyCode, ...operators],
  'order.results': [...anyCode, ...operators],
  'order.cancel': [...anyCode, ...operators],
  'order.received': own,
  'order.done': own,
  'message.receipt': [...anyCode, ...operators],
  'process.open': own,
  'process.close': own,
  'process.abort': operators,
  'process.pause': operators,
  'process.activate': operators,
  'method.call': own,
  'call.cancel': own,
  'procedure.start': [...own, ...anyCode, ...operators],
  'procedure.result': [...own, ...anyCode, ...operators],
  'procedure.progress': [...own, ...anyCode],
  'procedure.cancel': [...own, ...anyCode, ...operators],
  'schedule.start': operators,
  'storage.commit': anyCode,
  'storage.turn': anyCode,
  'storage.set': operators,
  'privileges.set': ['code', ...operators],
  'privileges.clear': ['code', ...operators],
  'privileges.promote': ['code'],
  'privileges.demote': ['code'],
  'roles.reload': ['admin'],
  'version.reload': [...anyCode, ...operators],
  'directory.addUser': ['admin'],
  'directory.setPassword': ['admin'],
  'directory.setEnabled': ['admin'],
  'directory.removeUser': ['admin'],
  'directory.putGroup': ['admin'],
  'connections.reject': operators,
  'connections.accept': operators,
  'connections.setAddresses': ['admin'],
  'connections.addAddress': ['admin'],
  'licences.set': ['admin'],
  'operator.signIn': edge,
  'operator.exchange': edge,
  'operator.signOut': ['viewer', ...operators],
  'token.create': ['admin'],
  'token.revoke': ['admin'],
  'link.create': ['admin'],
}

const commands = Object.keys(expected) as CommandName[]
const cases = commands.flatMap((command) => (Object.keys(actors) as ActorName[]).map((actor) => ({ command, actor })))

test.each(cases)('A24 $command by $actor is allowed or refused as the table says', ({ command, actor }) => {
  const act = (): void => authorise(command, { sessionId: mine } as never, actors[actor])
  if (actor === 'system' || expected[command].includes(actor)) expect(act).not.toThrow()
  else expect(act).toThrow(expect.objectContaining({ code: 'NOT_ALLOWED' }))
})

test('A24 a command that names no session is nobody’s own, and one that does not exist is nobody’s at all', () => {
  expect(() => authorise('session.close', {} as never, actors.client)).toThrow(expect.objectContaining({ code: 'NOT_ALLOWED' }))
  for (const name of ['constructor', '__proto__', 'nothing']) {
    for (const actor of Object.values(actors))
      expect(() => authorise(name as CommandName, {} as never, actor)).toThrow(expect.objectContaining({ code: 'NOT_ALLOWED' }))
  }
})

test('A24 an operator is told which role it takes', () => {
  expect(() => authorise('link.create', {}, operator('viewer'))).toThrow('This takes the role "admin"; yours is "viewer".')
})
