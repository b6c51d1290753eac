import { fromErrorBody, type RemoteUpEvents, type Reply, TesseraError } from '@tessera/protocol'
import type { Transport } from './transport.ts'

/** Requests that may wait while the connection is away. */
const mostWaiting = 10_000

type Asked = Exclude<keyof RemoteUpEvents, 'bye'>
type MessageOf<Name extends Asked> = Parameters<RemoteUpEvents[Name]>[0]
type AnswerOf<Name extends Asked> = Parameters<Parameters<RemoteUpEvents[Name]>[1]>[0] extends Reply<infer Value> ? Value : never

interface Request {
  name: Asked
  message: () => unknown
  /** Whether it may be said twice: what changes nothing the second time. */
  repeatable: boolean
  resolve(value: unknown): void
  reject(error: Error): void
}

/** What this client asks of the server: sent at once while connected, kept while away, each settled exactly once. */
export class Requests {
  readonly #wanted: () => void
  readonly #waiting: Request[] = []
  readonly #sent = new Set<Request>()
  #transport: Transport | null = null
  #ended: TesseraError | null = null

  /** `wanted` is told of each request that waits for a connection. */
  constructor(wanted: () => void) {
    this.#wanted = wanted
  }

  /** Nothing waits, and nothing that was sent is unanswered. */
  get idle(): boolean {
    return this.#waiting.length === 0 && this.#sent.size === 0
  }

  /** `message` is made when it is sent: after a resume, process numbers may have changed. */
  ask<Name extends Asked>(name: Name, message: () => MessageOf<Name>, options: { repeatable: boolean }): Promise<AnswerOf<Name>> {
    return new Promise((resolve, reject) => {
      const request: Request = { name, message, repeatable: options.repeatable, resolve, reject }
      if (this.#ended !== null) reject(this.#ended)
      else if (this.#transport !== null && !this.#transport.doubtful) this.#send(this.#transport, request)
      else this.#wait(request)
    })
  }

  /** Connected (again): what waited is sent, in order. */
  connected(transport: Transport): void {
    this.#transport = transport
    this.heard()
  }

  /** The server gave a sign of life: what waited because it was silent is sent. */
  heard(): void {
    if (this.#transport === null) return
    for (const request of this.#waiting.splice(0)) this.#send(this.#transport, request)
  }

  /** The connection is gone: what was sent and not answered may have run, so only the repeatable is asked again. */
  lost(): void {
    this.#transport = null
    const unanswered = [...this.#sent]
    this.#sent.clear()
    this.#waiting.unshift(...unanswered.filter((request) => request.repeatable))
    for (const request of unanswered) if (!request.repeatable) request.reject(interrupted())
  }

  /** Nothing more will be answered. */
  end(why: TesseraError): void {
    this.#ended = why
    this.#transport = null
    for (const request of this.#sent) request.reject(request.repeatable ? why : interrupted())
    for (const request of this.#waiting.splice(0)) request.reject(why)
    this.#sent.clear()
  }

  #wait(request: Request): void {
    if (this.#waiting.length >= mostWaiting) {
      request.reject(new TesseraError('CONNECTION_LOST', `The server is away and ${mostWaiting.toLocaleString('en')} requests wait for it already.`))
      return
    }
    this.#waiting.push(request)
    this.#wanted()
  }

  #send(transport: Transport, request: Request): void {
    this.#sent.add(request)
    transport.send(request.name, request.message(), (answer) => this.#answered(request, answer))
  }

  #answered(request: Request, answer: Reply<unknown>): void {
    if (!this.#sent.delete(request)) return
    if (answer.ok) request.resolve(answer.value)
    else request.reject(fromErrorBody(answer.error))
  }
}

const interrupted = (): TesseraError =>
  new TesseraError('CALL_INTERRUPTED', 'The connection was lost before the answer came: the request may have been carried out, or not.')
