import { TesseraError } from '@tessera/protocol'
import type { Clock } from '../ports/clock.ts'
import { LatelyEnded } from './lately-ended.ts'

/** Something that was sent to several clients, and what has become of it with each of them. */
export class Sending<Recipient extends object> {
  readonly id: string
  readonly recipients: Recipient[] = []
  /** What the answers kept here take. */
  bytes = 0
  readonly #ended: (sending: Sending<Recipient>) => void
  readonly #open = new Set<Recipient>()
  #listeners: (() => void)[] = []

  constructor(id: string, ended: (sending: Sending<Recipient>) => void) {
    this.id = id
    this.#ended = ended
  }

  add(recipient: Recipient): Recipient {
    this.recipients.push(recipient)
    this.#open.add(recipient)
    return recipient
  }

  /** What became of it with that client, for good: the first word counts. */
  settle(recipient: Recipient, end: Partial<Recipient>): void {
    if (!this.#open.delete(recipient)) return
    Object.assign(recipient, end)
    if (this.#open.size > 0) return
    this.#ended(this)
    for (const listener of this.#listeners.splice(0)) listener()
  }

  /** Resolves when it is known of every client what became of it. */
  whenSettled(): Promise<void> {
    return this.#open.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#listeners.push(resolve))
  }
}

/** Sendings by id: all that are under way, and the last ones that ended. */
export class Sendings<Recipient extends object> {
  readonly #underWay = new Map<string, Sending<Recipient>>()
  readonly #ended: LatelyEnded<string, Sending<Recipient>>

  /** `payloadBytes`: so many times that is what the answers to ended ones may take. */
  constructor(clock: Clock, payloadBytes: number) {
    this.#ended = new LatelyEnded(clock, payloadBytes)
  }

  /** Adds one, with its recipients. */
  open(id: string, recipients: readonly Recipient[]): Sending<Recipient> {
    const sending = this.reopen(id)
    for (const recipient of recipients) sending.add(recipient)
    if (recipients.length === 0) this.#retire(sending)
    return sending
  }

  /** The one of that id, or a new one that recipients are still to be added to. */
  reopen(id: string): Sending<Recipient> {
    const sending = this.#underWay.get(id) ?? new Sending<Recipient>(id, (ended) => this.#retire(ended))
    this.#underWay.set(id, sending)
    return sending
  }

  /** @throws TesseraError `SENDING_NOT_FOUND`. */
  need(id: string): Sending<Recipient> {
    const sending = this.#underWay.get(id) ?? this.#ended.find(id)
    if (sending === undefined) throw new TesseraError('SENDING_NOT_FOUND', `Nothing is known of "${id.slice(0, 64)}" (any more).`)
    return sending
  }

  /** Nobody will ask for it. */
  forget(id: string): void {
    this.#underWay.delete(id)
    this.#ended.forget(id)
  }

  #retire(sending: Sending<Recipient>): void {
    this.#underWay.delete(sending.id)
    this.#ended.add(sending.id, sending, sending.bytes)
  }
}
