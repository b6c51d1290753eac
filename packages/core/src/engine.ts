import { type Actor, system } from './actor.ts'
import type { CommandName, Commands, Input, Output } from './commands.ts'
import { furnish } from './engine-rooms.ts'
import { createGuest } from './guest.ts'
import { createHandlers } from './handlers.ts'
import { audited, isAct } from './interceptors/audit.ts'
import { authorise } from './interceptors/authorise.ts'
import { Life } from './life.ts'
import type { EngineOptions, Ports } from './ports/index.ts'
import { createReads, type Reads } from './reads.ts'
import { Publisher } from './version/publisher.ts'

export interface Engine {
  /** The only door in. Whatever goes wrong is the promise's rejection. @throws TesseraError. */
  dispatch<Name extends CommandName>(name: Name, input: Input<Name>, by: Actor): Promise<Output<Name>>
  /** What may be looked at. Nothing in here changes anything. */
  readonly reads: Reads
  /**
   * Publishes the project, runs `onServerStartup`, then lets clients in (4d.md CON-19, DBM-03). Answers the owner's token.
   * @throws TesseraError `PROJECT_INVALID`, `VERSION_REJECTED`, `METHOD_ERROR` of `onServerStartup`, `SERVER_STOPPING`.
   */
  start(): Promise<{ ownerToken: string }>
  /** Lets nobody in any more, ends the sessions, runs `onServerShutdown`, stops the isolates (4d.md DBM-04, DBM-31). */
  stop(reason: string): Promise<void>
}

/** Wires the engine over its ports. */
export const createEngine = (ports: Ports, options: EngineOptions): Engine => {
  const rooms = furnish(ports, options)
  const publisher = new Publisher(ports, rooms)
  const handlers = createHandlers(ports, rooms, publisher)
  const life = new Life(ports, options, { ...rooms, publisher })

  const carryOut = <Name extends CommandName>(name: Name, input: Input<Name>, by: Actor): Output<Name> | Promise<Output<Name>> => {
    authorise(name, input, by)
    const handler = handlers[name] as (input: Commands[Name][0], by: Actor) => Commands[Name][1] | Promise<Commands[Name][1]>
    return handler(input, by)
  }
  // Not an async function: a call goes through here at no cost (8-performance.md).
  const dispatch = <Name extends CommandName>(name: Name, input: Input<Name>, by: Actor): Promise<Output<Name>> => {
    try {
      if (isAct(name, by)) return audited(ports, { name, input, by }, () => carryOut(name, input, by))
      return Promise.resolve(carryOut(name, input, by))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  ports.isolates.attach(createGuest(ports, rooms, dispatch))
  return {
    dispatch,
    reads: createReads(ports, options, { ...rooms, publisher }, () => life.facts),
    start: () => life.start(() => dispatch('version.reload', {}, system)),
    stop: (reason) => life.stop(reason),
  }
}
