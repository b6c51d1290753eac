import type { AbortSignalLike } from '@tessera/kit'
import { fromErrorBody, limits, type RemoteUpEvents, type Reply, TesseraError, whenAborted } from '@tessera/protocol'
import type { Transport } from './transport.ts'

/** Requests that may wait while the connection is away. */
const mostWaiting = 10_000

type Asked = Exclude<keyof RemoteUpEvents, 'bye'>
type MessageOf<Name extends Asked> = Parameters<RemoteUpEvents[Name]>[0]
type AnswerOf<Name extends Asked> = Parameters<Parameters<RemoteUpEvents[Name]>[1]>[0] extends Reply<infer Value> ? Value : never

export interface AskOptions {
  /** Whether it may be said twice: what changes nothing the second time. */
  repeatable: boolean
  /** Aborted, the request is taken back; a call that was sent is cancelled under its id. */
  withdraw?: { signal: AbortSignalLike; request: string }
}

interface InOrder<Name extends Asked> {
  /** Told the answer as it comes, before what the server says after it: whoever awaits it goes on later than that. */
  heard?(value: AnswerOf<Name>): void
}

interface Request {
  name: Asked
  message: () => unknown
  options: AskOptions
  /** The server may have it. */
  sent: boolean
  resolve(value: unknown): void
  reject(error: Error): void
}

/** What this client asks of the server: sent at once while connected, kept while away, each settled exactly once. */
export class Requests {
  readonly #wanted: () => void
  #waiting = new Set<Request>()
  readonly #sent = new Set<Request>()
  #transport: Transport | null = null
  #ended: TesseraError | null = null

  /** `wanted` is told of each request that waits for a connection. */
  constructor(wanted: () => void) {
    this.#wanted = wanted
  }

  /** Nothing waits, and nothing that was sent is unanswered. */
  get idle(): boolean {
    return this.#waiting.size === 0 && this.#sent.size === 0
  }

  /** `message` is made when it is sent: after a resume, process numbers may have changed. */
  ask<Name extends Asked>(name: Name, message: () => MessageOf<Name>, options: AskOptions & InOrder<Name>): Promise<AnswerOf<Name>> {
    return new Promise((settle, reject) => {
      const resolve = (value: AnswerOf<Name>): void => {
        options.heard?.(value)
        settle(value)
      }
      const request: Request = { name, message, options, sent: false, resolve, reject }
      if (this.#ended !== null) reject(this.#ended)
      else if (options.withdraw !== undefined) this.#askUntilAborted(request, options.withdraw)
      else this.#begin(request)
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
    const waiting = this.#waiting
    this.#waiting = new Set()
    for (const request of waiting) this.#send(this.#transport, request)
  }

  /** The connection is gone: what was sent and not answered may have run, so only the repeatable is asked again. */
  lost(): void {
    this.#transport = null
    const unanswered = [...this.#sent]
    this.#sent.clear()
    this.#waiting = new Set([...unanswered.filter(({ options }) => options.repeatable), ...this.#waiting])
    for (const request of unanswered) if (!request.options.repeatable) request.reject(interrupted())
  }

  /** Nothing more will be answered. */
  end(why: TesseraError): void {
    this.#ended = why
    this.#transport = null
    for (const request of this.#sent) request.reject(request.options.repeatable ? why : interrupted())
    for (const request of this.#waiting) request.reject(why)
    this.#waiting.clear()
    this.#sent.clear()
  }

  #begin(request: Request): void {
    if (request.name === 'call' && this.#waiting.size + this.#sent.size >= limits.waitingCalls) request.reject(tooMany())
    else if (this.#transport !== null && !this.#transport.doubtful) this.#send(this.#transport, request)
    else this.#wait(request)
  }

  #askUntilAborted(request: Request, { signal }: NonNullable<AskOptions['withdraw']>): void {
    if (signal.aborted) return this.#withdraw(request, signal)
    const { resolve, reject } = request
    const settled = whenAborted(signal, () => this.#withdraw(request, signal))
    request.resolve = (value) => {
      settled()
      resolve(value)
    }
    request.reject = (error) => {
      settled()
      reject(error)
    }
    this.#begin(request)
  }

  /** The server is told of what it may have; whatever it answers to that, and to the request itself, is of no interest. */
  #withdraw(request: Request, signal: AbortSignalLike): void {
    this.#waiting.delete(request)
    this.#sent.delete(request)
    request.reject(new TesseraError('CALL_CANCELLED', 'The call was cancelled here.', { cause: signal.reason }))
    const { withdraw } = request.options
    if (!request.sent || withdraw === undefined) return
    this.ask('cancelCall', () => ({ request: withdraw.request }), { repeatable: true }).catch(() => undefined)
  }

  #wait(request: Request): void {
    if (this.#waiting.size >= mostWaiting) {
      request.reject(new TesseraError('CONNECTION_LOST', `The server is away and ${mostWaiting.toLocaleString('en')} requests wait for it already.`))
      return
    }
    this.#waiting.add(request)
    this.#wanted()
  }

  #send(transport: Transport, request: Request): void {
    request.sent = true
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

const tooMany = (): TesseraError =>
  new TesseraError('TOO_MANY_CALLS', `${limits.waitingCalls.toLocaleString('en')} calls of this client are unanswered: wait for answers before asking more.`)
