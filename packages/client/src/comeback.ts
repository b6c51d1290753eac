import type { Unsubscribe } from '@tessera/kit'
import { ConnectionRefused, TesseraError } from '@tessera/protocol'
import { backOff, type Surroundings } from './surroundings.ts'
import type { Transport } from './transport.ts'

const waits = { firstMs: 200, mostMs: 5000 }

interface ComebackOptions {
  surroundings: Surroundings
  /** When trying again makes no sense any more. */
  giveUpAt: number
  /** One attempt. @throws ConnectionRefused, TesseraError. */
  knock(): Promise<Transport>
  /** Let in. Told even of an attempt that was on its way when `stop` was called: the server counts that connection. */
  back(transport: Transport): void
  /** An attempt failed, and another follows. */
  failed(): void
  /** Refused for good, or out of time. */
  over(code: string, reason: string): void
}

/** Opens the connection of a session again: with growing waits, until it is let in, is refused for good, or its time is up. */
export class Comeback {
  readonly #options: ComebackOptions
  #attempt = 0
  #cancel: Unsubscribe = () => {}
  #trying: Promise<void> | null = null
  #stopped = false

  constructor(options: ComebackOptions) {
    this.#options = options
  }

  /** Whether an attempt is on its way. */
  get trying(): boolean {
    return this.#trying !== null
  }

  get stopped(): boolean {
    return this.#stopped
  }

  /** At once, unless an attempt is on its way; resolves when that one is decided. Goes on where it was stopped. */
  tryNow(): Promise<void> {
    this.#stopped = false
    this.#cancel()
    this.#trying ??= this.#try().finally(() => {
      this.#trying = null
    })
    return this.#trying
  }

  tryLater(leastMs = 0): void {
    const { surroundings } = this.#options
    const ms = Math.max(leastMs, backOff(this.#attempt, waits, surroundings))
    this.#attempt += 1
    this.#cancel = surroundings.after(ms, () => void this.tryNow())
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  async #try(): Promise<void> {
    let transport: Transport
    try {
      transport = await this.#options.knock()
    } catch (error) {
      if (!this.#stopped) this.#failed(error)
      return
    }
    this.#options.back(transport)
  }

  /**
   * A refusal that trying again may change is waited out, like silence. The clock is looked at only after an attempt, so
   * a machine that slept past the end of the time still tries once.
   */
  #failed(error: unknown): void {
    const { surroundings, giveUpAt, over, failed } = this.#options
    const late = surroundings.now() >= giveUpAt
    if (error instanceof ConnectionRefused && !error.retryable) over(error.code, error.message)
    else if (late) over('CONNECTION_LOST', 'The server did not answer for as long as the session could wait.')
    else {
      failed()
      this.tryLater(error instanceof TesseraError ? (error.retryAfterMs ?? 0) : 0)
    }
  }
}
