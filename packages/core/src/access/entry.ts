import { type AddressRule, ConnectionRefused, type EntryRow, TesseraError } from '@tessera/protocol'
import { OneAtATime } from '../one-at-a-time.ts'
import type { Ports } from '../ports/index.ts'
import { AddressTable, type GivenAddressRule } from './address-table.ts'

type EntryPorts = Pick<Ports, 'bus' | 'settings'>

/** What is kept over a restart. */
interface KeptEntry {
  accepting: boolean
  message: string
  addresses: readonly AddressRule[]
}

const key = 'entry'
const longestMessage = 1000

/**
 * Whether remote clients are let in at all, and from where (4d.md CON-18, CON-20, ADM-20). It concerns neither the console
 * nor web sessions: whoever administers cannot lock himself out.
 */
export class Entry {
  readonly #ports: EntryPorts
  readonly #changes = new OneAtATime()
  #accepting = true
  #message = ''
  #table = new AddressTable()
  #takenUp = false

  constructor(ports: EntryPorts) {
    this.#ports = ports
  }

  /** Takes up what was kept. @throws TesseraError `DATABASE_ERROR` where that cannot be read: nobody is let in by mistake. */
  load(): Promise<void> {
    return this.#changes.run(() => this.#takeUp())
  }

  get row(): EntryRow {
    return { accepting: this.#accepting, message: this.#message, addresses: [...this.#table.rules], warnings: [...this.#table.warnings] }
  }

  /** For newcomers and for those who come back. @throws ConnectionRefused `ADDRESS_DENIED`. */
  checkAddress(address: string): void {
    if (!this.#table.allows(address)) throw new ConnectionRefused('ADDRESS_DENIED', `This server lets no clients in from ${address.slice(0, 60)}.`)
  }

  /** For newcomers. @throws ConnectionRefused `ADDRESS_DENIED`, `REJECTING_CONNECTIONS` with the operator's message. */
  check(address: string): void {
    this.checkAddress(address)
    if (this.#accepting) return
    const message = this.#message === '' ? 'The server takes no new connections at the moment.' : this.#message
    throw new ConnectionRefused('REJECTING_CONNECTIONS', message, { retryAfterMs: 60_000 })
  }

  /** Newcomers are refused with that message from now on; whoever is connected goes on. @throws TesseraError `BAD_REQUEST`. */
  reject(message: string): Promise<EntryRow> {
    const told = message.trim()
    if (told.length > longestMessage) throw new TesseraError('BAD_REQUEST', `The message has at most ${longestMessage} characters.`)
    return this.#change(() => ({ accepting: false, message: told }))
  }

  accept(): Promise<EntryRow> {
    return this.#change(() => ({ accepting: true, message: '' }))
  }

  /** Puts another address table in place of the present one. @throws TesseraError `ADDRESS_RULES_INVALID`; nothing changed then. */
  setAddresses(rules: readonly GivenAddressRule[]): Promise<EntryRow> {
    return this.#change(() => ({ addresses: new AddressTable(rules).rules }))
  }

  /** Adds one rule, before a final one that matches everything. @throws TesseraError `ADDRESS_RULES_INVALID`. */
  addAddress(rule: GivenAddressRule): Promise<EntryRow> {
    return this.#change(() => ({ addresses: this.#table.with(rule).rules }))
  }

  #change(change: () => Partial<KeptEntry>): Promise<EntryRow> {
    return this.#changes.run(async () => {
      await this.#takeUp()
      const next: KeptEntry = { accepting: this.#accepting, message: this.#message, addresses: this.#table.rules, ...change() }
      await this.#ports.settings.set(key, JSON.stringify(next))
      this.#apply(next)
      this.#ports.bus.emit({ name: 'entry.changed', accepting: next.accepting, addresses: next.addresses.length })
      return this.row
    })
  }

  /** Once, before the first change: an operator may be there before the server has started. */
  async #takeUp(): Promise<void> {
    if (this.#takenUp) return
    const text = await this.#ports.settings.get(key)
    if (text !== null) this.#apply(parseKept(text))
    this.#takenUp = true
  }

  #apply({ accepting, message, addresses }: KeptEntry): void {
    this.#table = new AddressTable(addresses)
    this.#accepting = accepting
    this.#message = message
  }
}

const parseKept = (text: string): KeptEntry => {
  try {
    const { accepting, message, addresses } = JSON.parse(text) as Partial<Record<keyof KeptEntry, unknown>>
    if (typeof accepting === 'boolean' && typeof message === 'string' && Array.isArray(addresses)) return { accepting, message, addresses }
  } catch {
    // Told below, as for any other text that is not ours.
  }
  throw new TesseraError('DATABASE_ERROR', 'The kept rules of entry cannot be read: the server does not start without them.')
}
