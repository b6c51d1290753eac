import { type Actor, asProcessId } from '@tessera/core'
import { cancelProcedureUp, procedureUp, type Reply, startProcedureUp } from '@tessera/protocol'
import { readMessage } from './read-message.ts'
import type { GatewayParts, RemoteSocket } from './remote-socket.ts'

interface Served {
  socket: RemoteSocket
  by: Extract<Actor, { kind: 'client' }>
  parts: Pick<GatewayParts, 'engine' | 'watchers'>
  answer<Value>(reply: (answer: Reply<Value>) => void, act: () => Promise<Value>): void
}

/** What one client asks of the stored procedures that it started. */
export const serveProcedures = ({ socket, by, parts: { engine, watchers }, answer }: Served): void => {
  const { sessionId } = by
  socket.on('startProcedure', (message, reply) =>
    answer(reply, () => engine.dispatch('procedure.start', { sessionId, ...readMessage(startProcedureUp, message) }, by)),
  )
  socket.on('procedureResult', (message, reply) =>
    answer(reply, () => engine.dispatch('procedure.result', { sessionId, processId: asProcessId(readMessage(procedureUp, message).processId) }, by)),
  )
  socket.on('watchProcedure', (message, reply) =>
    answer(reply, async () => {
      const processId = asProcessId(readMessage(procedureUp, message).processId)
      const { progress, running } = await engine.dispatch('procedure.progress', { sessionId, processId, after: -1 }, by)
      if (running) watchers.add(processId, socket)
      return progress
    }),
  )
  socket.on('cancelProcedure', (message, reply) =>
    answer(reply, async () => {
      const { processId, reason } = readMessage(cancelProcedureUp, message)
      await engine.dispatch('procedure.cancel', { sessionId, processId: asProcessId(processId), reason }, by)
      return null
    }),
  )
}
