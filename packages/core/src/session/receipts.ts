import { type ErrorBody, isErrorCode, type MessageReceiptRow, type MessageRecipientRow, TesseraError, toErrorBody } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import { type Sending, Sendings } from './sendings.ts'
import type { Session } from './session.ts'

type Told = Sending<MessageRecipientRow>

/** A message on its way to its recipients, by session. */
export interface Receipt {
  sending: Told
  recipients: ReadonlyMap<string, MessageRecipientRow>
}

interface Awaited {
  number: number
  sending: Told
  recipient: MessageRecipientRow
}

/** Who has received what was said to clients. It lives as long as the server: what was said is told after a restart all the same. */
export class Receipts {
  readonly #ports: Pick<Ports, 'clock' | 'ids'>
  readonly #sendings: Sendings<MessageRecipientRow>
  /** What each session's client has not received, oldest first. */
  readonly #awaited = new Map<Session, Awaited[]>()

  /** `payloadBytes`: as of `Sendings`. */
  constructor(ports: Pick<Ports, 'clock' | 'ids'>, payloadBytes: number) {
    this.#ports = ports
    this.#sendings = new Sendings(ports.clock, payloadBytes)
  }

  open(to: readonly { id: string; userName: string }[]): Receipt {
    const rows = to.map(({ id, userName }): MessageRecipientRow => ({ sessionId: id, userName, state: 'waiting', error: null }))
    return { sending: this.#sendings.open(this.#ports.ids.id(), rows), recipients: new Map(rows.map((row) => [row.sessionId, row])) }
  }

  /** It waits for that session's client under this number. */
  told({ sending, recipients }: Receipt, session: Session, number: number): void {
    const recipient = recipients.get(session.id)
    if (recipient === undefined) return
    const awaited = this.#awaited.get(session) ?? []
    this.#awaited.set(session, awaited)
    awaited.push({ number, sending, recipient })
  }

  failed({ sending, recipients }: Receipt, sessionId: string, { code, message }: { code: string; message: string }): void {
    const recipient = recipients.get(sessionId)
    const error: ErrorBody = { code: isErrorCode(code) ? code : 'INTERNAL', message }
    if (recipient !== undefined) sending.settle(recipient, { state: 'failed', error })
  }

  /** The client has the message of that number, and those before it. */
  received(session: Session, number: number): void {
    const awaited = this.#awaited.get(session) ?? []
    for (const { sending, recipient } of awaited.filter((one) => one.number <= number)) sending.settle(recipient, { state: 'received' })
    const left = awaited.filter((one) => one.number > number)
    if (left.length > 0) this.#awaited.set(session, left)
    else this.#awaited.delete(session)
  }

  sessionEnded(session: Session, reason: string): void {
    const error = toErrorBody(new TesseraError('SESSION_ENDED', `The session ended before its client received it: ${reason}`))
    for (const { sending, recipient } of this.#awaited.get(session) ?? []) sending.settle(recipient, { state: 'failed', error })
    this.#awaited.delete(session)
  }

  /** @throws TesseraError `SENDING_NOT_FOUND`, as does the next. */
  look(id: string): MessageReceiptRow {
    return rowOf(this.#sendings.need(id))
  }

  async whole(id: string): Promise<MessageReceiptRow> {
    const sending = this.#sendings.need(id)
    await sending.whenSettled()
    return rowOf(sending)
  }
}

const rowOf = ({ id, recipients }: Told): MessageReceiptRow => ({ id, recipients: recipients.map((recipient) => ({ ...recipient })) })
