import { type Actor, actorLabel } from './actor.ts'
import type { CommandName, Commands, OperatorSession } from './commands.ts'
import type { EngineRooms } from './engine-rooms.ts'
import type { Ports } from './ports/index.ts'
import type { Publisher } from './version/publisher.ts'

type Awaitable<Value> = Value | Promise<Value>

/** One handler for each command; each is a line or two into the room that does it. */
export type Handlers = { readonly [Name in CommandName]: (input: Commands[Name][0], by: Actor) => Awaitable<Commands[Name][1]> }

export const createHandlers = (ports: Ports, rooms: EngineRooms, publisher: Publisher): Handlers => {
  const { sessions, roleChanges, directory, operators, accounts, calls, end, connections, moves, acts, standalone, storage } = rooms
  const { entry, licences, orders, otps, web, webCalls, procedureRequests, schedules } = rooms
  const withOperator = async (
    opened: Promise<Omit<OperatorSession, 'operator'> & { name: string; role: OperatorSession['operator']['role'] }>,
  ): Promise<OperatorSession> => {
    const { token, expiresAt, name, role } = await opened
    return { token, expiresAt, operator: { name, role, ...(await publisher.identity()) } }
  }
  return {
    'session.open': ({ introduction }) => connections.open(introduction),
    'session.resume': ({ token, address }) => connections.resume(token, address),
    'session.confirm': ({ sessionId, token }) => connections.confirm(sessions.need(sessionId), token),
    'session.sleep': ({ sessionId, connection }) => connections.leave(sessions.need(sessionId), connection, 'sleeping'),
    'session.postpone': ({ sessionId, connection }) => connections.leave(sessions.need(sessionId), connection, 'postponed'),
    'session.received': ({ sessionId, number }) => acts.received(sessions.need(sessionId), number),
    'session.detach': ({ sessionId, connection }) => {
      const session = sessions.find(sessionId)
      if (session !== undefined) connections.detach(session, connection)
    },
    'session.close': ({ sessionId }) => end.close(sessions.need(sessionId), 'SESSION_ENDED', 'The client said goodbye.'),
    'session.move': ({ sessionId, version }) => moves.move(sessions.need(sessionId), version),
    'web.open': (visitor) => web.open(visitor),
    'web.find': ({ token }) => web.find(token),
    'web.close': ({ token }) => web.close(token),
    'web.call': (request) => webCalls.call(request),
    'share.close': ({ sessionId, fingerprint }) => web.closeShare(sessions.need(sessionId), fingerprint),
    'otp.create': async ({ sessionId, ...wanted }) => ({ token: await otps.create(sessions.need(sessionId), wanted) }),
    'otp.redeem': ({ token, path, ...visitor }) => otps.redeem(token, path, visitor),
    'session.restore': async ({ sessionId, token }, by) => ({
      sessionId: by.kind === 'code' ? await web.restore(sessions.need(sessionId), by.processId, token) : null,
    }),
    'session.setIdleTimeout': ({ sessionId, minutes }) => web.setIdleTimeout(sessions.need(sessionId), minutes),
    'standalone.open': () => standalone.open(),
    'standalone.run': ({ sessionId, name }) => standalone.run(sessionId, name),
    'session.disconnect': (input) => acts.disconnect(input),
    'session.end': (input) => acts.end(input),
    'session.reload': (input) => acts.reload(input),
    'session.message': (input) => acts.message(input),

    'message.receipt': ({ id }) => acts.receipt(id),

    'client.register': ({ sessionId, name }) => orders.register(sessions.need(sessionId), name),
    'client.unregister': ({ sessionId }) => orders.unregister(sessions.need(sessionId)),
    'client.order': (input, by) => orders.order(input, writerLabel(rooms, by)),
    'order.results': ({ id }) => orders.results(id),
    'order.cancel': ({ id }) => orders.cancel(id),
    'order.received': ({ sessionId, number }) => orders.received(sessions.need(sessionId), number),
    'order.done': ({ sessionId, number, outcome }) => orders.done(sessions.need(sessionId), number, outcome),

    'process.open': (input) => calls.open(input),
    'process.close': (input) => calls.close(input),
    'process.abort': (input) => rooms.processActs.abort(input),
    'process.pause': ({ processId }) => rooms.processActs.pause(processId),
    'process.activate': ({ processId }) => rooms.processActs.activate(processId),
    'method.call': (input) => calls.call(input),
    'call.cancel': ({ sessionId, request }) => rooms.open.cancel(sessionId, request),
    'procedure.start': (request, by) => procedureRequests.start(request, by, writerLabel(rooms, by)),
    'procedure.result': ({ processId }, by) => procedureRequests.result(processId, by),
    'procedure.progress': ({ processId, after }, by) => procedureRequests.progress(processId, after, by),
    'procedure.cancel': ({ processId, reason }, by) => procedureRequests.cancel(processId, reason, by),
    'schedule.start': ({ name }) => schedules.start(name),

    'storage.commit': (request, by) => storage.commit(sessions.need(request.sessionId), { ...request, by: writerLabel(rooms, by) }),
    'storage.turn': ({ sessionId }) => storage.takeTurn(sessions.need(sessionId)),
    'storage.set': async ({ sessionId, slot, text }, by) => ({
      clock: await storage.setSlot(sessions.need(sessionId), { slot, text, by: writerLabel(rooms, by) }),
    }),
    'privileges.set': async ({ sessionId, ...wanted }) => ({ privileges: await web.setPrivileges(sessions.need(sessionId), wanted) }),
    'privileges.clear': async ({ sessionId }) => ({ privileges: await web.clearPrivileges(sessions.need(sessionId)) }),
    'privileges.promote': ({ sessionId, call, name }, by) =>
      by.kind === 'code' ? webCalls.promote(sessions.need(sessionId), { processId: by.processId, call, name }) : notPromoted,
    'privileges.demote': ({ sessionId, call, id }, by) =>
      by.kind === 'code' ? webCalls.demote(sessions.need(sessionId), { processId: by.processId, call, id }) : notPromoted,

    'roles.reload': (_input, by) => roleChanges.reload(writerLabel(rooms, by)),

    'version.reload': async (_input, by) => {
      const label = writerLabel(rooms, by)
      await roleChanges.freshen(label)
      return publisher.reload(label)
    },

    'directory.addUser': ({ name, password, groups }) => directory.addUser(name, password, groups),
    'directory.setPassword': ({ name, password }) => accounts.setPassword(name, password),
    'directory.setEnabled': ({ name, enabled }) => accounts.setEnabled(name, enabled),
    'directory.removeUser': ({ name }) => accounts.removeUser(name),
    'directory.putGroup': (group) => accounts.putGroup(group),

    'connections.reject': ({ message }) => entry.reject(message),
    'connections.accept': () => entry.accept(),
    'connections.setAddresses': ({ rules }) => entry.setAddresses(rules),
    'connections.addAddress': (rule) => entry.addAddress(rule),
    'licences.set': ({ maximum }) => licences.set(maximum),

    'operator.signIn': ({ user, password, address }) => withOperator(operators.signIn(user, password, address)),
    'operator.exchange': ({ token, address }) => withOperator(operators.exchange(token, address)),
    'operator.signOut': ({ token }) => operators.signOut(token),
    'token.create': ({ name, role }) => operators.createToken(name, role),
    'token.revoke': async ({ name }) => ({ revoked: await ports.credentials.remove('token', name) }),
    'link.create': () => operators.createLink(),
  }
}

/** Nothing is lent to whoever is no call of a project. */
const notPromoted = { id: 0, promoted: [] }

/** Who did it, for people: the user of the session whose code it was, the stored procedure, or the operator. */
const writerLabel = ({ sessions, processes }: EngineRooms, by: Actor): string => {
  if (by.kind !== 'code') return actorLabel(by)
  const session = sessions.find(by.sessionId)
  // A web visitor who did not sign in has no name.
  if (session?.kind !== 'storedProcedures') return (session?.user.name ?? by.sessionId) || 'guest'
  return processes.find(by.processId)?.name ?? 'stored procedures'
}
