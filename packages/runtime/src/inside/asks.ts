import type { HostAnswers } from '@tessera/core'
import { type ErrorBody, fromErrorBody } from '@tessera/protocol/values'
import type { Answer, RequestKind } from '../messages.ts'

interface Pending {
  kind: RequestKind
  resolve: (answer: never) => void
  reject: (error: unknown) => void
}

/** Requests to the engine that wait for their answer. */
export class Asks {
  #last = 0
  readonly #pending = new Map<number, Pending>()

  /** `send` is given the number that the answer will carry; where it throws, the promise rejects. */
  add<Kind extends RequestKind>(kind: Kind, send: (ask: number) => void): Promise<HostAnswers[Kind]> {
    const ask = ++this.#last
    return new Promise((resolve, reject) => {
      send(ask)
      this.#pending.set(ask, { kind, resolve, reject })
    })
  }

  answer(ask: number, answer: Answer): void {
    const pending = this.#take(ask)
    if (pending?.kind === answer.kind) pending.resolve(answer.value as never)
    else pending?.reject(new Error(`The answer to ${pending.kind} is one to ${answer.kind}.`))
  }

  refuse(ask: number, error: ErrorBody): void {
    this.#take(ask)?.reject(fromErrorBody(error))
  }

  #take(ask: number): Pending | undefined {
    const pending = this.#pending.get(ask)
    this.#pending.delete(ask)
    return pending
  }
}
