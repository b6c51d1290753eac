import {
  decodeStorable,
  type ErrorBody,
  encodeStorable,
  limits,
  type OrderDown,
  type OrderOutcome,
  TesseraError,
  toErrorBody,
  type Welcome,
} from '@tessera/protocol'
import type { Requests } from './requests.ts'

/** Runs a method of this program that the server wants run here; what it throws is the order's error. */
export type OrderHandler = (method: string, args: readonly unknown[]) => unknown

interface OrdersOptions {
  requests: Requests
  payloadBytes(): number
}

/** What the server sends to this client to be run: one order at a time, each run once, however often it is told. */
export class Orders {
  readonly #options: OrdersOptions
  #handler: OrderHandler | null = null
  /** What came before anybody could say who runs it. */
  #early: (() => void)[] | null = []
  /** Told to another program that had this session before: whether that ran them is not known here. */
  #foreign = 0
  #last = 0
  #outcome: OrderOutcome | null = null

  constructor(options: OrdersOptions) {
    this.#options = options
  }

  serve(handler: OrderHandler): void {
    this.#handler = handler
  }

  /** The first welcome; `isTakenUp`: the session was another program's. */
  begin({ toldOrder }: Welcome, isTakenUp: boolean): void {
    if (isTakenUp) this.#foreign = toldOrder
  }

  /** Whoever was given this session had the time to say who runs its orders. */
  release(): void {
    const early = this.#early ?? []
    this.#early = null
    for (const take of early) take()
  }

  take(order: OrderDown, received: () => void): void {
    if (this.#early !== null) {
      this.#early.push(() => this.take(order, received))
      return
    }
    received()
    if (order.order <= this.#foreign) this.#tell(order.order, notMine)
    else if (order.order > this.#last) void this.#run(order)
    else if (order.order === this.#last && this.#outcome !== null) this.#tell(order.order, this.#outcome)
  }

  async #run({ order, method, args }: OrderDown): Promise<void> {
    this.#last = order
    this.#outcome = null
    this.#outcome = await this.#outcomeOf(method, args)
    this.#tell(order, this.#outcome)
  }

  async #outcomeOf(method: string, args: string): Promise<OrderOutcome> {
    try {
      if (this.#handler === null) throw new TesseraError('METHOD_NOT_FOUND', `This client runs no methods for the server: "${short(method)}" was not run.`)
      return { ok: true, value: this.#encode(method, await this.#handler(method, argumentsOf(args))) }
    } catch (error) {
      return { ok: false, error: failureOf(error) }
    }
  }

  #encode(method: string, value: unknown): string {
    const text = encode(method, value)
    if (Buffer.byteLength(text) <= this.#options.payloadBytes()) return text
    throw new TesseraError('RESULT_TOO_LARGE', `The result of "${short(method)}" takes more than the server takes.`)
  }

  /** Where the session is over nobody waits for it. */
  #tell(order: number, outcome: OrderOutcome): void {
    this.#options.requests.ask('orderDone', () => ({ order, outcome }), { repeatable: true }).catch(() => undefined)
  }
}

const encode = (method: string, value: unknown): string => {
  try {
    return encodeStorable(value)
  } catch (cause) {
    throw new TesseraError(
      'RESULT_NOT_STORABLE',
      `The result of "${short(method)}" cannot be sent. ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

const notMine: OrderOutcome = {
  ok: false,
  error: { code: 'CALL_INTERRUPTED', message: 'The program that was told of this order is gone: it may have run it, or not.' },
}

const argumentsOf = (text: string): readonly unknown[] => {
  const args = decodeStorable(text)
  return Array.isArray(args) ? args : [args]
}

/** The wire bounds what is told of an error. */
const failureOf = (error: unknown): Extract<OrderOutcome, { ok: false }>['error'] => {
  const { code, message, className, stack } = bodyOf(error)
  return {
    code,
    message: message.slice(0, limits.errorCharacters),
    ...(className === undefined ? {} : { className: className.slice(0, 200) }),
    ...(stack === undefined ? {} : { stack: stack.slice(0, limits.errorCharacters) }),
  }
}

const bodyOf = (error: unknown): ErrorBody => {
  if (error instanceof TesseraError) return toErrorBody(error)
  if (!(error instanceof Error)) return { code: 'METHOD_ERROR', className: typeof error, message: String(error), stack: '' }
  return { code: 'METHOD_ERROR', className: error.name, message: error.message, stack: `${error.name}: ${error.message}` }
}

const short = (method: string): string => method.slice(0, 100)
