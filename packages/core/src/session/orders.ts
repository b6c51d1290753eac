import {
  type ErrorBody,
  isErrorCode,
  limits,
  type OrderOutcome,
  type OrderRecipientRow,
  type OrderRow,
  type RegisteredClientRow,
  TesseraError,
  toErrorBody,
} from '@tessera/protocol'
import type { Input } from '../commands.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import { checkPayload } from '../process/check-payload.ts'
import { needOpen } from '../process/client-calls.ts'
import { utf8Bytes } from '../storage/utf8-bytes.ts'
import { clientNameMatcher, isPlainName, readClientName, readClientPattern } from './client-name.ts'
import { type Order, OrderQueue } from './order-queue.ts'
import { type Sending, Sendings } from './sendings.ts'
import type { Session } from './session.ts'
import type { SessionKeeper } from './session-keeper.ts'
import type { OrderPart, SessionParts } from './session-parts.ts'
import type { Sessions } from './sessions.ts'

type OrderPorts = Pick<Ports, 'bus' | 'clock' | 'ids'>
type OrderOptions = Pick<EngineOptions, 'payloadBytes' | 'standalone' | 'registerClients'>

interface Rooms {
  sessions: Sessions
  keeper: SessionKeeper
}

/** What the answers to one order may hold, in payloads: an order to everybody must not fill the server's memory. */
const answeredPayloads = 64
const longestMethod = 500

/**
 * Methods that the server wants run on clients (4d.md PRC-30..36). Each client has a queue, and is told of one order at a
 * time: the next when that one is done. An order is on the journal before it is acknowledged, and that it is told before it
 * is: whoever takes a session over knows which order another may have run.
 */
export class Orders {
  readonly #ports: OrderPorts
  readonly #options: OrderOptions
  readonly #rooms: Rooms
  readonly #sendings: Sendings<OrderRecipientRow>

  constructor(ports: OrderPorts, options: OrderOptions, rooms: Rooms) {
    this.#ports = ports
    this.#options = options
    this.#rooms = rooms
    this.#sendings = new Sendings(ports.clock, options.payloadBytes)
  }

  /** @throws TesseraError `CLIENT_NAME_INVALID`; `ALREADY_EXISTS` where it is registered (4d.md PRC-35). */
  async register(session: Session, wanted: string): Promise<void> {
    const name = readClientName(wanted)
    await session.changes.run(async () => {
      needOpen(session)
      if (session.orders?.registration) throw new TesseraError('ALREADY_EXISTS', `This client is registered already, as "${session.orders.registration.name}".`)
      const registration = { name, since: this.#ports.clock.now() }
      await this.#rooms.keeper.keepRegistration(session, registration)
      needOpen(session)
      queueOf(session).registration = registration
      this.#ports.bus.emit({ name: 'client.registered', sessionId: session.id, client: name })
    })
  }

  /** Gives a session that opens the name that the server gives to all of them, where it makes one; it is kept with the session. */
  opening(session: Session): void {
    const { registerClients = null } = this.#options
    if (registerClients === null) return
    const name = nameOfAll(registerClients === 'user' ? session.user.name : session.machineName)
    if (name !== '') queueOf(session).registration = { name, since: session.createdAt }
  }

  /** Tells of the name that it was given while it opened. */
  opened({ id, orders }: Session): void {
    if (orders?.registration) this.#ports.bus.emit({ name: 'client.registered', sessionId: id, client: orders.registration.name })
  }

  /** The orders that its client was not told of are dropped (4d.md PRC-32). Not registered, nothing happens. */
  unregister(session: Session): Promise<void> {
    return session.changes.run(async () => {
      const { orders } = session
      if (!orders?.registration) return
      await this.#rooms.keeper.keepRegistration(session, null)
      orders.registration = null
      this.#drop(session, orders.takeUntold(), cancelled('The client unregistered before this order was its turn.'))
      this.#ports.bus.emit({ name: 'client.unregistered', sessionId: session.id })
    })
  }

  /**
   * Sends a method to every client of that name, `@` standing for any text. Answers once the server has the order
   * (4d.md PRC-33), with the clients it is for.
   * @throws TesseraError `CLIENT_NAME_INVALID`, `CLIENT_NOT_REGISTERED`, `PAYLOAD_TOO_LARGE`; where no client could be given
   * it: `TOO_MANY_CALLS`, `JOURNAL_UNWRITABLE`.
   */
  async order({ name, method, args }: Input<'client.order'>, from: string): Promise<OrderRow> {
    if (method === '' || method.length > longestMethod) throw new TesseraError('METHOD_NOT_FOUND', 'Say which method the client is to run.')
    checkPayload(args, this.#options.payloadBytes)
    const clients = this.named(name)
    const id = this.#ports.ids.id()
    const to = clients.map((session) => ({ session, recipient: newRecipient(session.id, session.orders?.registration?.name ?? '') }))
    const sending = this.#sendings.open(
      id,
      to.map(({ recipient }) => recipient),
    )
    const facts = { id, method, args, from, at: this.#ports.clock.now() }
    const given = await Promise.all(to.map(({ session, recipient }) => this.#give(session, { sending, recipient, facts })))
    const refused = given.filter((error) => error !== null)
    if (refused[0] === undefined || refused.length < given.length) return orderRow(sending)
    this.#sendings.forget(id)
    throw refused[0]
  }

  /** How far an order is. @throws TesseraError `SENDING_NOT_FOUND`. */
  look(id: string): OrderRow {
    return orderRow(this.#sendings.need(id))
  }

  /** Waits until every client has answered, or will not. @throws TesseraError `SENDING_NOT_FOUND`. */
  async results(id: string): Promise<OrderRow> {
    const sending = this.#sendings.need(id)
    await sending.whenSettled()
    return orderRow(sending)
  }

  /** Takes the order back from the clients that were not told of it. @throws TesseraError `SENDING_NOT_FOUND`. */
  cancel(id: string): { cancelled: number } {
    const sending = this.#sendings.need(id)
    const counts = sending.recipients.map(({ sessionId }) => {
      const session = this.#rooms.sessions.find(sessionId)
      const untold = session?.orders?.takeUntold(sending) ?? []
      if (session !== undefined) this.#drop(session, untold, cancelled('The order was taken back.'))
      return untold.length
    })
    return { cancelled: counts.reduce((sum, count) => sum + count, 0) }
  }

  /** The client has it: from now on it is the client's to run. */
  received(session: Session, number: number): void {
    const order = session.orders?.toldHead
    if (order === undefined || order.facts.number !== number || order.recipient.state !== 'queued') return
    order.recipient.state = 'received'
    this.#ports.bus.emit({ name: 'order.received', sessionId: session.id, number })
  }

  /** What became of the order that the client was told of; of any other nothing is believed. */
  done(session: Session, number: number, outcome: OrderOutcome): void {
    const order = session.orders?.toldHead
    if (order === undefined || order.facts.number !== number) return
    session.orders?.remove(order)
    this.#rooms.keeper.forgetOrders(session, [number])
    order.sending.settle(order.recipient, this.#endOf(order.sending, outcome))
    this.#ended(session, order)
    this.#advance(session)
  }

  /** Its client is there (again): it is told what is next. What it was told before is in its welcome. */
  resumed(session: Session): void {
    this.#advance(session)
  }

  /** The session ended: what its client was told may have run. */
  sessionEnded(session: Session, reason: string): void {
    const { orders } = session
    if (orders === null) return
    const wasRegistered = orders.registration !== null
    orders.registration = null
    for (const order of orders.takeAll()) {
      const error = orders.isTold(order)
        ? new TesseraError('CALL_INTERRUPTED', `The session ended before its client had answered: ${reason}`)
        : new TesseraError('SESSION_ENDED', `The session ended before this order was its turn: ${reason}`)
      order.sending.settle(order.recipient, failure(error))
      this.#ended(session, order)
    }
    if (wasRegistered) this.#ports.bus.emit({ name: 'client.unregistered', sessionId: session.id })
  }

  /** Puts back what a journal kept. Who waits for a result asks for it anew. */
  restore(session: Session, { registration, orders, lastOrder, ordersTold }: Pick<SessionParts, 'registration' | 'orders' | 'lastOrder' | 'ordersTold'>): void {
    if (registration === null && lastOrder === 0) return
    const queue = queueOf(session)
    queue.registration = registration
    queue.told = ordersTold
    queue.numberedTo(lastOrder)
    // Where it had unregistered, and the server went before that was carried through, only what was told still counts.
    const goOn = orders.filter(({ number }) => registration !== null || number <= ordersTold)
    for (const facts of goOn) {
      const sending = this.#sendings.reopen(facts.id)
      queue.add({ facts, sending, recipient: sending.add(newRecipient(session.id, facts.clientName)), kept: true })
    }
    const dropped = orders.filter((facts) => !goOn.includes(facts)).map(({ number }) => number)
    if (dropped.length > 0) this.#rooms.keeper.forgetOrders(session, dropped)
  }

  rows(iso: (at: number) => string): RegisteredClientRow[] {
    return [...this.#rooms.sessions.all()].flatMap(({ id, user, machineName, orders }) =>
      orders?.registration
        ? [{ name: orders.registration.name, sessionId: id, userName: user.name, machineName, since: iso(orders.registration.since), pending: orders.size }]
        : [],
    )
  }

  /**
   * The clients that are meant by a name, in which `@` stands for any text. Alone there are none, whatever is asked for (4d.md PRC-36).
   * @throws TesseraError `CLIENT_NAME_INVALID`; `CLIENT_NOT_REGISTERED` for a plain name that nobody has.
   */
  named(name: string): Session[] {
    const pattern = readClientPattern(name)
    const matches = clientNameMatcher(pattern)
    const clients = [...this.#rooms.sessions.all()].filter(
      (session) => session.isOpen && session.state.name !== 'opening' && session.orders?.registration && matches(session.orders.registration.name),
    )
    if (clients.length === 0 && isPlainName(pattern) && !this.#options.standalone)
      throw new TesseraError('CLIENT_NOT_REGISTERED', `No client is registered as "${pattern}".`)
    return clients
  }

  /** Answers why the client was not given it, or null. */
  async #give(session: Session, wanted: Wanted): Promise<unknown> {
    const { sending, recipient } = wanted
    const queue = queueOf(session)
    try {
      queue.checkRoom(wanted.facts.args.length, this.#options.payloadBytes)
      const order = { sending, recipient, facts: { ...wanted.facts, number: queue.nextNumber(), clientName: recipient.clientName }, kept: false }
      queue.add(order)
      await this.#keep(session, queue, order)
      return null
    } catch (error) {
      sending.settle(recipient, failure(error))
      return error
    }
  }

  async #keep(session: Session, queue: OrderQueue, order: Order): Promise<void> {
    const first = queue.head === order && session.state.name === 'active'
    if (first) queue.told = order.facts.number
    try {
      await this.#rooms.keeper.keepOrder(session, order.facts, queue.told)
    } catch (error) {
      queue.remove(order)
      this.#advance(session)
      throw error
    }
    order.kept = true
    // Dropped while it was being kept: whoever dropped it said why, and could not take it from the journal yet.
    if (!queue.has(order)) return this.#rooms.keeper.forgetOrders(session, [order.facts.number])
    this.#ports.bus.emit({ name: 'order.queued', sessionId: session.id, number: order.facts.number, method: order.facts.method })
    if (first) this.#tell(session, order)
    else this.#advance(session)
  }

  /** Tells the client of the next order, where it is there and has answered the one before. */
  #advance(session: Session): void {
    const { orders, state } = session
    const head = orders?.head
    if (orders === null || head === undefined || !head.kept || orders.isTold(head) || state.name !== 'active') return
    orders.told = head.facts.number
    this.#rooms.keeper.keepTold(session, orders.told).then(
      () => this.#tell(session, head),
      // The server stops.
      () => undefined,
    )
  }

  #tell(session: Session, { facts }: Order): void {
    if (session.orders?.toldHead?.facts !== facts || session.state.name !== 'active') return
    this.#ports.bus.emit({ name: 'order.told', sessionId: session.id, order: facts })
  }

  #drop(session: Session, orders: readonly Order[], why: TesseraError): void {
    const kept = orders.filter((order) => order.kept).map(({ facts }) => facts.number)
    if (kept.length > 0) this.#rooms.keeper.forgetOrders(session, kept)
    for (const order of orders) {
      order.sending.settle(order.recipient, failure(why))
      this.#ended(session, order)
    }
  }

  #ended({ id }: Session, { facts, recipient }: Order): void {
    this.#ports.bus.emit({ name: 'order.ended', sessionId: id, number: facts.number, method: facts.method, ok: recipient.state === 'done' })
  }

  #endOf(sending: Sending<OrderRecipientRow>, outcome: OrderOutcome): Partial<OrderRecipientRow> {
    if (!outcome.ok) return { state: 'failed', error: bodyOf(outcome.error) }
    const { payloadBytes } = this.#options
    const bytes = utf8Bytes(outcome.value)
    if (bytes > payloadBytes || sending.bytes + bytes > answeredPayloads * payloadBytes)
      return failure(new TesseraError('RESULT_TOO_LARGE', 'What the client answered is more than the server takes.'))
    sending.bytes += bytes
    return { state: 'done', value: outcome.value }
  }
}

interface Wanted {
  sending: Sending<OrderRecipientRow>
  recipient: OrderRecipientRow
  facts: Omit<OrderPart, 'number' | 'clientName'>
}

const queueOf = (session: Session): OrderQueue => {
  session.orders ??= new OrderQueue()
  return session.orders
}

const newRecipient = (sessionId: string, clientName: string): OrderRecipientRow => ({ sessionId, clientName, state: 'queued', value: null, error: null })

const orderRow = ({ id, recipients }: Sending<OrderRecipientRow>): OrderRow => ({ id, recipients: recipients.map((recipient) => ({ ...recipient })) })

const failure = (error: unknown): Partial<OrderRecipientRow> => ({ state: 'failed', error: toErrorBody(error) })

const cancelled = (why: string): TesseraError => new TesseraError('CALL_CANCELLED', why)

/** A client's own words about what went wrong there. */
const bodyOf = ({ code, message, className, stack }: Extract<OrderOutcome, { ok: false }>['error']): ErrorBody => ({
  code: isErrorCode(code) ? code : 'METHOD_ERROR',
  message,
  ...(className === undefined ? {} : { className }),
  ...(stack === undefined ? {} : { stack }),
})

/** Nobody chose it for this: what a name cannot hold is left out. */
const nameOfAll = (text: string): string => text.replaceAll('@', ' ').slice(0, limits.clientNameCharacters).trim()
