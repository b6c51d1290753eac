import { TesseraError } from '@tessera/protocol'
import { type Actor, system } from './actor.ts'
import type { CommandName, Commands, Input, Output } from './commands.ts'
import { furnish } from './engine-rooms.ts'
import { createGuest } from './guest.ts'
import { createHandlers } from './handlers.ts'
import { withAudit } from './interceptors/audit.ts'
import { authorise } from './interceptors/authorise.ts'
import type { EngineOptions, Ports } from './ports/index.ts'
import type { DatabaseMethodName } from './ports/isolate-host.ts'
import { createReads, type Reads } from './reads.ts'
import { Publisher } from './version/publisher.ts'

export interface Engine {
  /** The only door in. @throws TesseraError. */
  dispatch<Name extends CommandName>(name: Name, input: Input<Name>, by: Actor): Promise<Output<Name>>
  /** What may be looked at. Nothing in here changes anything. */
  readonly reads: Reads
  /**
   * Publishes the project, runs `onServerStartup`, then lets clients in (4d.md CON-19, DBM-03). Answers the owner's token.
   * @throws TesseraError `PROJECT_INVALID`, `VERSION_REJECTED`, `METHOD_ERROR` of `onServerStartup`.
   */
  start(): Promise<{ ownerToken: string }>
  /** Lets nobody in any more, ends the sessions, runs `onServerShutdown`, stops the isolates (4d.md DBM-04, DBM-31). */
  stop(reason: string): Promise<void>
}

/** How long stored procedures and Close Connection may take when the server stops (4d.md DBM-32). */
const stopGraceMs = 10_000

/** Wires the engine over its ports. */
export const createEngine = (ports: Ports, options: EngineOptions): Engine => {
  const rooms = furnish(ports, options)
  const publisher = new Publisher(ports, rooms)
  const handlers = createHandlers(ports, options, rooms, publisher)
  let state: 'starting' | 'running' | 'stopping' = 'starting'
  const startedAt = ports.clock.now()

  const dispatch = async <Name extends CommandName>(name: Name, input: Input<Name>, by: Actor): Promise<Output<Name>> => {
    const handler = handlers[name] as (input: Commands[Name][0], by: Actor) => Promise<Commands[Name][1]>
    return withAudit(ports, name, input, by, async () => {
      authorise(name, input, by)
      return handler(input, by)
    })
  }
  const setState = (next: typeof state): void => {
    state = next
    ports.bus.emit({ name: 'server.stateChanged', state })
  }
  const noteFailure = (error: unknown): void => {
    ports.logger.error('onServerShutdown failed', { detail: error instanceof TesseraError ? error.message : String(error) })
  }
  const runServerMethod = async (name: DatabaseMethodName): Promise<void> => {
    const { session } = rooms.procedures
    const process = rooms.processes.create(session, 'databaseMethod', name, session.version)
    try {
      await rooms.executor.database(session, process, name, '[]')
    } finally {
      rooms.processes.forget(session, process)
    }
  }

  ports.isolates.attach(createGuest(ports, rooms, dispatch))
  return {
    dispatch,
    reads: createReads(ports, options, { ...rooms, publisher }, () => ({ state, startedAt })),
    start: async () => {
      await rooms.versions.load()
      await dispatch('version.reload', {}, system)
      rooms.procedures.open(rooms.versions.needCurrent())
      if (!options.standalone) await runServerMethod('onServerStartup')
      const ownerToken = await rooms.operators.createOwner()
      setState('running')
      rooms.connections.admit(!options.standalone)
      return { ownerToken }
    },
    stop: async (reason) => {
      if (state === 'stopping') return
      const wasRunning = state === 'running'
      rooms.connections.admit(false)
      setState('stopping')
      if (wasRunning) {
        const closings = [...rooms.sessions.all()]
          .filter(({ kind }) => kind !== 'storedProcedures')
          .map((session) => rooms.end.close(session, 'SERVER_STOPPING', reason))
        await Promise.race([Promise.all(closings), new Promise<void>((resolve) => ports.clock.after(stopGraceMs, resolve))])
        if (!options.standalone) await runServerMethod('onServerShutdown').catch(noteFailure)
        await rooms.procedures.stop(reason, stopGraceMs)
      }
      await ports.isolates.stop()
    },
  }
}
