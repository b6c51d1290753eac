import {
  decodeStorable,
  encodeStorable,
  type MovedTo,
  type ProgressSeen,
  payloadText,
  type SessionDetail,
  type Storable,
  TesseraError,
  toErrorBody,
} from '@tessera/protocol'
import type { Actor } from '../actor.ts'
import type { CallOptions, OpenedSession, Output } from '../commands.ts'
import type { Engine } from '../engine.ts'
import type { ProcessId, SessionId } from '../ids.ts'

/** A remote client, without its socket. */
export class TestClient {
  #engine: Engine
  /** The latest welcome. */
  welcome: OpenedSession

  constructor(engine: Engine, welcome: OpenedSession) {
    this.#engine = engine
    this.welcome = welcome
  }

  get id(): SessionId {
    return this.welcome.sessionId
  }

  /** The session as an operator sees it. */
  get row(): SessionDetail {
    return this.#engine.reads.session(this.id)
  }

  /** Calls a server method in the main process. */
  call(method: string, ...args: readonly unknown[]): Promise<Storable> {
    return this.callIn(this.welcome.mainProcess.number, method, ...args)
  }

  callIn(process: number, method: string, ...args: readonly unknown[]): Promise<Storable> {
    return this.callWith({ process }, method, ...args)
  }

  /** A call with what a client may ask of one call; in the main process where none is named. */
  async callWith({ process, ...options }: CallOptions & { process?: number }, method: string, ...args: readonly unknown[]): Promise<Storable> {
    const call = { sessionId: this.id, process: process ?? this.welcome.mainProcess.number, method, args: encodeStorable(args), ...options }
    return decodeStorable(payloadText(await this.#engine.dispatch('method.call', call, this.#by)))
  }

  /** Wants that call no longer. */
  cancel(request: string): Promise<void> {
    return this.#engine.dispatch('call.cancel', { sessionId: this.id, request }, this.#by)
  }

  async process(name: string): Promise<TestProcess> {
    const { number } = await this.#engine.dispatch('process.open', { sessionId: this.id, name }, this.#by)
    return {
      number,
      call: (method, ...args) => this.callIn(number, method, ...args),
      close: () => this.#engine.dispatch('process.close', { sessionId: this.id, number }, this.#by),
    }
  }

  startProcedure(method: string, args: readonly unknown[] = [], { name = '', unique = false } = {}): Promise<Output<'procedure.start'>> {
    return this.#engine.dispatch('procedure.start', { sessionId: this.id, method, args: encodeStorable(args), name, unique }, this.#by)
  }

  async procedureResult(processId: ProcessId): Promise<Storable> {
    return decodeStorable(await this.#engine.dispatch('procedure.result', { sessionId: this.id, processId }, this.#by))
  }

  cancelProcedure(processId: ProcessId, reason = 'enough'): Promise<void> {
    return this.#engine.dispatch('procedure.cancel', { sessionId: this.id, processId, reason }, this.#by)
  }

  /** How far it is, once more is known than that. */
  progressOf(processId: ProcessId, after = -1): Promise<ProgressSeen> {
    return this.#engine.dispatch('procedure.progress', { sessionId: this.id, processId, after }, this.#by)
  }

  /** The transport breaks; the server notices. */
  async lose(connection = this.welcome.connection): Promise<void> {
    await this.#engine.dispatch('session.detach', { sessionId: this.id, connection }, this.#by)
  }

  async resume(token = this.welcome.resumeToken, address = '10.0.0.1'): Promise<OpenedSession> {
    this.welcome = await this.#engine.dispatch('session.resume', { token, address }, { kind: 'edge', address })
    return this.welcome
  }

  move(version: string): Promise<MovedTo> {
    return this.#engine.dispatch('session.move', { sessionId: this.id, version }, this.#by)
  }

  /** The server was restarted: from now on this client talks to that one. */
  follow(engine: Engine): this {
    this.#engine = engine
    return this
  }

  /** The client holds the token of its latest welcome. */
  async confirm(token = this.welcome.resumeToken): Promise<void> {
    await this.#engine.dispatch('session.confirm', { sessionId: this.id, token }, this.#by)
  }

  /** Its machine goes to sleep, or it gives up its idle connection. */
  async leave(how: 'sleep' | 'postpone', connection = this.welcome.connection): Promise<void> {
    await this.#engine.dispatch(`session.${how}`, { sessionId: this.id, connection }, this.#by)
  }

  /** It has shown that message. */
  async received(number: number): Promise<void> {
    await this.#engine.dispatch('session.received', { sessionId: this.id, number }, this.#by)
  }

  /** Methods may be sent to it, under that name. */
  async register(name: string): Promise<void> {
    await this.#engine.dispatch('client.register', { sessionId: this.id, name }, this.#by)
  }

  async unregister(): Promise<void> {
    await this.#engine.dispatch('client.unregister', { sessionId: this.id }, this.#by)
  }

  /** It has the order of that number, and runs it. */
  async orderReceived(number: number): Promise<void> {
    await this.#engine.dispatch('order.received', { sessionId: this.id, number }, this.#by)
  }

  /** The method that was ordered returned that, or threw the error. */
  async orderDone(number: number, value: unknown): Promise<void> {
    const outcome = value instanceof TesseraError ? { ok: false as const, error: toErrorBody(value) } : { ok: true as const, value: encodeStorable(value) }
    await this.#engine.dispatch('order.done', { sessionId: this.id, number, outcome }, this.#by)
  }

  /** Says goodbye. */
  async close(): Promise<void> {
    await this.#engine.dispatch('session.close', { sessionId: this.id }, this.#by)
  }

  get #by(): Actor {
    return { kind: 'client', sessionId: this.id }
  }
}

export interface TestProcess {
  readonly number: number
  call(method: string, ...args: readonly unknown[]): Promise<Storable>
  close(): Promise<void>
}
