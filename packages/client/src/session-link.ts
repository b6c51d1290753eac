import type { Unsubscribe } from '@tessera/kit'
import { ConnectionRefused, type RemoteHandshake, TesseraError, type Welcome } from '@tessera/protocol'
import type { ServerAddress } from './address.ts'
import { Requests } from './requests.ts'
import { backOff, type Surroundings } from './surroundings.ts'
import { type DownListener, openTransport, type Transport } from './transport.ts'

const waits = { firstMs: 200, mostMs: 5000 }

/** What the link tells its owner. */
export interface LinkListener extends Omit<DownListener, 'lost' | 'closing'> {
  /** The connection was lost; the session may still be taken up again for `graceMs`. */
  away(graceMs: number): void
  resumed(welcome: Welcome): void
  /** The session is over and nothing brings it back. */
  ended(code: string, reason: string): void
}

export interface LinkOptions {
  address: ServerAddress
  introduction: RemoteHandshake
  surroundings: Surroundings
}

/** Keeps one session connected: a lost connection is opened again with the latest resume token until the grace period is over. */
export class SessionLink {
  readonly requests = new Requests()
  readonly #options: LinkOptions
  readonly #listener: LinkListener
  #transport: Transport | null = null
  #welcome: Welcome | null = null
  #ended = false
  #attempt = 0
  #giveUpAt = 0
  #cancelRetry: Unsubscribe = () => {}

  constructor(options: LinkOptions, listener: LinkListener) {
    this.#options = options
    this.#listener = listener
  }

  /** @throws ConnectionRefused, TesseraError `SERVER_UNREACHABLE`; it may be tried again. */
  async open(): Promise<Welcome> {
    const { address, introduction } = this.#options
    const transport = await openTransport(address, introduction, this.#down())
    this.#welcome = transport.welcome
    this.#connected(transport)
    return transport.welcome
  }

  /** Says goodbye where there is a connection, and ends. */
  async close(why: TesseraError): Promise<void> {
    const transport = this.#transport
    this.#end(why)
    await transport?.goodbye()
  }

  #connected(transport: Transport): void {
    this.#transport = transport
    this.#attempt = 0
    if (this.#ended) transport.abandon()
    else if (transport.open) this.requests.connected(transport)
    else this.#lost()
  }

  #down(): DownListener {
    return {
      message: (message) => this.#listener.message(message),
      reload: (message) => this.#listener.reload(message),
      closing: ({ code, reason }) => this.#over(code, reason),
      lost: () => this.#lost(),
    }
  }

  #lost(): void {
    if (this.#ended || this.#transport === null) return
    const graceMs = (this.#welcome?.graceSeconds ?? 0) * 1000
    this.#transport = null
    this.#giveUpAt = this.#options.surroundings.now() + graceMs
    this.requests.lost()
    this.#listener.away(graceMs)
    this.#retryAfter(0)
  }

  #retryAfter(leastMs: number): void {
    if (this.#ended) return
    const { surroundings } = this.#options
    const ms = Math.max(leastMs, backOff(this.#attempt, waits, surroundings))
    this.#attempt += 1
    this.#cancelRetry = surroundings.after(ms, () => void this.#resume())
  }

  async #resume(): Promise<void> {
    const { address, introduction } = this.#options
    const { user: _user, password: _password, ...known } = introduction
    try {
      const transport = await openTransport(address, { ...known, resume: this.#welcome?.resumeToken ?? '' }, this.#down())
      if (this.#ended) return await transport.goodbye()
      // The owner knows of the new welcome before what waited is sent: process numbers come from there.
      this.#welcome = transport.welcome
      this.#listener.resumed(transport.welcome)
      this.#connected(transport)
    } catch (error) {
      this.#notResumed(error)
    }
  }

  /**
   * A refusal that trying again may change is waited out, like silence. The clock is looked at only after an attempt, so
   * a machine that slept past the end of the grace period still tries once.
   */
  #notResumed(error: unknown): void {
    const late = this.#options.surroundings.now() >= this.#giveUpAt
    if (error instanceof ConnectionRefused && !error.retryable) this.#over(error.code, error.message)
    else if (!late) this.#retryAfter(error instanceof TesseraError ? (error.retryAfterMs ?? 0) : 0)
    else this.#over('CONNECTION_LOST', 'The server did not answer for as long as the session could wait.')
  }

  #over(code: string, reason: string): void {
    if (this.#ended) return
    const transport = this.#transport
    this.#end(new TesseraError('SESSION_ENDED', `The session has ended: ${reason}`))
    transport?.abandon()
    this.#listener.ended(code, reason)
  }

  #end(why: TesseraError): void {
    this.#ended = true
    this.#cancelRetry()
    this.#transport = null
    this.requests.end(why)
  }
}
