import { TesseraError } from '@tessera/protocol'
import type { Actor } from './actor.ts'
import type { CommandName, Input, Output } from './commands.ts'
import type { EngineRooms } from './engine-rooms.ts'
import type { Ports } from './ports/index.ts'
import type { HostAnswers, HostCaller, HostRequest, IsolateGuest } from './ports/isolate-host.ts'

type Dispatch = <Name extends CommandName>(name: Name, input: Input<Name>, by: Actor) => Promise<Output<Name>>

/** What project code asks for comes in here and goes through the same door as everything else. */
export const createGuest = (ports: Ports, rooms: EngineRooms, dispatch: Dispatch): IsolateGuest => {
  const answer = async (request: HostRequest, caller: HostCaller): Promise<HostAnswers[HostRequest['kind']]> => {
    // A web call whose browser went to another session speaks for that one from then on (4d.md SES-44).
    const sessionId = rooms.processes.find(caller.process)?.replacedBy ?? caller.sessionId
    const by: Actor = { kind: 'code', sessionId, processId: caller.process }
    switch (request.kind) {
      case 'storage.commit':
        return dispatch('storage.commit', request.commit, by)
      case 'storage.turn':
        return dispatch('storage.turn', { sessionId: request.sessionId }, by)
      case 'session.seed':
        return rooms.sessions.find(request.sessionId)?.seed(ports.clock.now()) ?? null
      case 'privileges.set': {
        const { privileges } = await dispatch(
          'privileges.set',
          { sessionId, names: request.names, roles: request.roles, userName: request.userName ?? null },
          by,
        )
        return { ok: true, privileges }
      }
      case 'privileges.clear': {
        const { privileges } = await dispatch('privileges.clear', { sessionId }, by)
        return { ok: true, privileges }
      }
      case 'privileges.promote':
        return dispatch('privileges.promote', { sessionId, call: caller.call, name: request.name }, by)
      case 'privileges.demote':
        return dispatch('privileges.demote', { sessionId, call: caller.call, id: request.id }, by)
      case 'otp.create':
        return dispatch('otp.create', { sessionId, lifespanSeconds: request.lifespan, purpose: 'web-share', path: null }, by)
      case 'session.restore':
        return dispatch('session.restore', { sessionId, token: request.token }, by)
      case 'session.setIdleTimeout':
        return dispatch('session.setIdleTimeout', { sessionId, minutes: request.minutes }, by)
      case 'procedure.start': {
        const { method, args, processName, unique } = request
        const { processId, number } = await dispatch('procedure.start', { method, args, name: processName, unique }, by)
        return { process: processId, number }
      }
      case 'procedure.result':
        return { value: await dispatch('procedure.result', { processId: request.process }, by) }
      case 'procedure.progress':
        return dispatch('procedure.progress', { processId: request.process, after: request.after }, by)
      case 'procedure.cancel':
        return { told: await cancelled(dispatch('procedure.cancel', { processId: request.process, reason: request.reason }, by)) }
      case 'process.activity':
        return rooms.activity.show({ session: request.sessionId, options: request.options })
      case 'client.order':
        return dispatch('client.order', { name: request.name, method: request.method, args: request.args }, by)
      case 'order.look':
        return rooms.orders.look(request.id)
      case 'order.results':
        return dispatch('order.results', { id: request.id }, by)
      case 'order.cancel':
        return dispatch('order.cancel', { id: request.id }, by)
      case 'clients.list':
        return { clients: rooms.orders.rows((at) => new Date(at).toISOString()) }
      case 'message.send': {
        const targets = request.to === 'all' ? { match: { text: '', chips: [] } } : request.to
        const { receipt = '' } = await dispatch('session.message', { targets, text: request.text, dryRun: false }, by)
        return rooms.acts.lookAtReceipt(receipt)
      }
      case 'message.look':
        return rooms.acts.lookAtReceipt(request.id)
      case 'message.receipt':
        return dispatch('message.receipt', { id: request.id }, by)
      case 'project.reload': {
        const { changed } = await dispatch('version.reload', {}, by)
        return { changed }
      }
    }
  }
  return {
    seed: (sessionId) => rooms.sessions.find(sessionId)?.seed(ports.clock.now()) ?? null,
    answer: answer as IsolateGuest['answer'],
    progressed: (caller, fraction, text) => rooms.procedures.progressed(caller.process, fraction, text),
    isolateStarted: ({ id, digest, pid }) => ports.bus.emit({ name: 'isolate.started', isolate: id, digest, pid }),
    isolateEnded: ({ id, digest }, why, callsLost) => ports.bus.emit({ name: 'isolate.ended', isolate: id, digest, why, callsLost }),
    isolateBlocked: ({ id }, call) => ports.bus.emit({ name: 'isolate.blocked', isolate: id, call }),
    sessionQuarantined: (sessionId, { id }, method, why) => ports.bus.emit({ name: 'session.quarantined', sessionId, isolate: id, method, why }),
    sessionReleased: (sessionId) => ports.bus.emit({ name: 'session.released', sessionId }),
  }
}

/** Whether there was anything to cancel. */
const cancelled = async (telling: Promise<void>): Promise<boolean> => {
  try {
    await telling
    return true
  } catch (error) {
    if (error instanceof TesseraError && error.code === 'ILLEGAL_STATE') return false
    throw error
  }
}
