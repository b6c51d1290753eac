import { TesseraError } from '@tessera/protocol'
import { clearPrivileges, setPrivileges } from './access/privileges.ts'
import { type Actor, actorLabel } from './actor.ts'
import type { CommandName, Commands, OperatorSession } from './commands.ts'
import type { EngineRooms } from './engine-rooms.ts'
import type { EngineOptions, Ports } from './ports/index.ts'
import type { Session } from './session/session.ts'
import { commitStorage, setSlot, takeTurn } from './storage/storage-commands.ts'
import { utf8Bytes } from './storage/utf8-bytes.ts'
import type { Publisher } from './version/publisher.ts'

type Awaitable<Value> = Value | Promise<Value>

/** One handler for each command; each is a line or two into the room that does it. */
export type Handlers = { readonly [Name in CommandName]: (input: Commands[Name][0], by: Actor) => Awaitable<Commands[Name][1]> }

export const createHandlers = (ports: Ports, options: EngineOptions, rooms: EngineRooms, publisher: Publisher): Handlers => {
  const { sessions, versions, directory, operators, executor, processes, end, connections, acts, procedures, standalone } = rooms
  const withOperator = async (
    opened: Promise<Omit<OperatorSession, 'operator'> & { name: string; role: OperatorSession['operator']['role'] }>,
  ): Promise<OperatorSession> => {
    const { token, expiresAt, name, role } = await opened
    return { token, expiresAt, operator: { name, role, ...(await publisher.identity()) } }
  }
  return {
    'session.open': ({ introduction }) => connections.open(introduction),
    'session.resume': ({ token, address }) => connections.resume(token, address),
    'session.detach': ({ sessionId, connection }) => {
      const session = sessions.find(sessionId)
      if (session !== undefined) connections.detach(session, connection)
    },
    'session.close': ({ sessionId }) => end.close(sessions.need(sessionId), 'SESSION_ENDED', 'The client said goodbye.'),
    'session.move': ({ sessionId, version }) => acts.move(sessions.need(sessionId), version),
    'standalone.open': () => standalone.open(),
    'standalone.run': ({ sessionId, name }) => standalone.run(sessionId, name),
    'session.disconnect': ({ targets, reason, dryRun }) => acts.disconnect(targets, reason, dryRun),
    'session.end': ({ targets, reason, graceSeconds, dryRun }) => acts.end(targets, reason, graceSeconds, dryRun),
    'session.reload': ({ targets, version, reason, graceSeconds, dryRun }) => acts.reload(targets, version, reason, graceSeconds, dryRun),
    'session.message': ({ targets, text, dryRun }) => acts.message(targets, text, dryRun),

    'process.open': async ({ sessionId, name }) => {
      const session = needOpen(sessions.need(sessionId))
      if (session.moving !== null) await session.moving
      const { id, number } = await processes.open(session, name)
      return { id, number }
    },
    'process.close': ({ sessionId, number }) => {
      const session = sessions.need(sessionId)
      return processes.close(session, session.needProcess(number), 'The client closed the process.')
    },
    'method.call': ({ sessionId, process, method, args }) => {
      const session = needOpen(sessions.need(sessionId))
      if (args.length > options.payloadBytes || utf8Bytes(args) > options.payloadBytes) {
        throw new TesseraError('PAYLOAD_TOO_LARGE', `The arguments take more than ${options.payloadBytes} bytes.`)
      }
      const call = () => executor.call(session, session.needProcess(process), method, args)
      return session.moving === null ? call() : session.moving.then(call)
    },
    'procedure.start': (request, by) => {
      const starter = by.kind === 'code' ? processes.find(sessions.all(), by.processId) : undefined
      const process = procedures.start(request, starter?.version ?? versions.needCurrent())
      return { processId: process.id, number: process.number }
    },
    'procedure.result': ({ processId }) => procedures.result(processId),

    'storage.commit': (request, by) => commitStorage(ports, sessions.need(request.sessionId), request, writerLabel(rooms, by)),
    'storage.turn': ({ sessionId }) => takeTurn(sessions.need(sessionId)),
    'storage.set': ({ sessionId, slot, text }, by) => ({ clock: setSlot(ports, sessions.need(sessionId), slot, text, writerLabel(rooms, by)) }),
    'privileges.set': ({ sessionId, names, roles }) => ({ privileges: setPrivileges(ports, sessions.need(sessionId), names, roles) }),
    'privileges.clear': ({ sessionId }) => ({ privileges: clearPrivileges(ports, sessions.need(sessionId)) }),

    'version.reload': (_input, by) => publisher.reload(actorLabel(by)),

    'directory.addUser': ({ name, password, groups }) => directory.addUser(name, password, groups),
    'directory.setPassword': ({ name, password }) => directory.setPassword(name, password),
    'directory.setEnabled': ({ name, enabled }) => directory.setEnabled(name, enabled),
    'directory.removeUser': ({ name }) => directory.removeUser(name),
    'directory.putGroup': (group) => directory.putGroup(group),

    'operator.signIn': ({ user, password, address }) => withOperator(operators.signIn(user, password, address)),
    'operator.exchange': ({ token, address }) => withOperator(operators.exchange(token, address)),
    'operator.signOut': ({ token }) => operators.signOut(token),
    'token.create': ({ name, role }) => operators.createToken(name, role),
    'token.revoke': async ({ name }) => ({ revoked: await ports.credentials.remove('token', name) }),
    'link.create': () => operators.createLink(),
  }
}

/** @throws TesseraError `SESSION_ENDED` for a session that takes no new work. */
const needOpen = (session: Session): Session => {
  if (session.state.name === 'closed' || session.state.name === 'draining')
    throw new TesseraError('SESSION_ENDED', 'The session is ending: it takes no new calls.')
  return session
}

/** Who wrote a slot, for people: the user of the session whose code it was, or the operator. */
const writerLabel = ({ sessions, procedures }: EngineRooms, by: Actor): string => {
  if (by.kind !== 'code') return actorLabel(by)
  const session = sessions.find(by.sessionId)
  if (session?.kind !== 'storedProcedures') return session?.user.name ?? by.sessionId
  return procedures.list().find(({ id }) => id === by.processId)?.name ?? 'stored procedures'
}
