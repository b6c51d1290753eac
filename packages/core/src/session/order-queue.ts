import { limits, type OrderRecipientRow, TesseraError } from '@tessera/protocol'
import type { Sending } from './sendings.ts'
import type { OrderPart, RegistrationPart } from './session-parts.ts'

/** One order for one client. */
export interface Order {
  readonly facts: OrderPart
  readonly sending: Sending<OrderRecipientRow>
  readonly recipient: OrderRecipientRow
  /** The journal has it. */
  kept: boolean
}

/** Orders that wait for one client may hold so many times the payload limit. */
const waitingPayloads = 16

/** The name under which methods are sent to a client, and those that it has not carried out (4d.md PRC-30, PRC-32). */
export class OrderQueue {
  registration: RegistrationPart | null = null
  /** Number of the last order that was told to the client, or is about to be: from then on it may have run. */
  told = 0
  #last = 0
  #bytes = 0
  readonly #orders: Order[] = []

  /** Numbers rise for as long as the session lives, so that its client runs each order once. */
  nextNumber(): number {
    this.#last += 1
    return this.#last
  }

  /** Numbers up to this one were given already. */
  numberedTo(last: number): void {
    this.#last = Math.max(this.#last, last)
  }

  get size(): number {
    return this.#orders.length
  }

  /** The one whose turn it is. */
  get head(): Order | undefined {
    return this.#orders[0]
  }

  /** The one that was told and is not done. */
  get toldHead(): Order | undefined {
    const { head } = this
    return head !== undefined && this.isTold(head) ? head : undefined
  }

  /** That one, once the journal has it. */
  get toldOrder(): OrderPart | null {
    const { toldHead } = this
    return toldHead?.kept === true ? toldHead.facts : null
  }

  isTold({ facts }: Order): boolean {
    return facts.number <= this.told
  }

  /** @throws TesseraError `TOO_MANY_CALLS`. */
  checkRoom(bytes: number, payloadBytes: number): void {
    if (this.#orders.length >= limits.waitingOrders)
      throw new TesseraError('TOO_MANY_CALLS', `${limits.waitingOrders} orders wait for this client already.`, { retryAfterMs: 1000 })
    if (this.#bytes + bytes > waitingPayloads * payloadBytes)
      throw new TesseraError('TOO_MANY_CALLS', 'The orders that wait for this client hold too much already.', { retryAfterMs: 1000 })
  }

  add(order: Order): void {
    this.#orders.push(order)
    this.#bytes += order.facts.args.length
  }

  has(order: Order): boolean {
    return this.#orders.includes(order)
  }

  /** Answers whether it was there. */
  remove(order: Order): boolean {
    const at = this.#orders.indexOf(order)
    if (at === -1) return false
    this.#orders.splice(at, 1)
    this.#bytes -= order.facts.args.length
    return true
  }

  /** Takes out of it what was not told: of one sending, or all. */
  takeUntold(sending?: Order['sending']): Order[] {
    const untold = this.#orders.filter((order) => !this.isTold(order) && (sending === undefined || order.sending === sending))
    for (const order of untold) this.remove(order)
    return untold
  }

  takeAll(): Order[] {
    this.#bytes = 0
    return this.#orders.splice(0)
  }
}
