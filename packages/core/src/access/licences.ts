import { ConnectionRefused, type LicencesReport, TesseraError } from '@tessera/protocol'
import { OneAtATime } from '../one-at-a-time.ts'
import type { Ports } from '../ports/index.ts'
import type { Sessions } from '../session/sessions.ts'

type LicencesPorts = Pick<Ports, 'bus' | 'settings'>

const key = 'licences.maximum'
const none = 'none'
const mostLicences = 1_000_000

/**
 * How many counted sessions there may be at once (4d.md LICN-01). A licence is not handed out: a session that is on the books
 * and counts has one, from its first moment to its last, so none can be lost or taken twice.
 */
export class Licences {
  readonly #ports: LicencesPorts
  readonly #sessions: Sessions
  /** Given when the server started; null: nothing was said. */
  readonly #atStart: number | null
  /** Undefined: nothing was ever kept. */
  #kept: number | null | undefined
  #maximum: number | null
  #takenUp = false
  readonly #changes = new OneAtATime()

  constructor(ports: LicencesPorts, atStart: number | null, sessions: Sessions) {
    this.#ports = ports
    this.#atStart = atStart
    this.#maximum = atStart
    this.#sessions = sessions
  }

  /** Takes up the maximum that was kept, where none was given at start. @throws TesseraError `DATABASE_ERROR` where it cannot be read. */
  load(): Promise<void> {
    return this.#changes.run(() => this.#takeUp())
  }

  get report(): LicencesReport {
    const used = this.#sessions.counted
    let web = 0
    for (const session of this.#sessions.all()) if (session.counted && session.kind === 'web') web += 1
    return { maximum: this.#maximum, used, remote: used - web, web, warnings: this.#warnings(used) }
  }

  /**
   * Asks for one more. Whoever asks puts the session on the books before anything else can happen, without waiting: that is
   * why no newcomer ever goes beyond the maximum (SPEC A47).
   * @throws ConnectionRefused `LICENCES_EXHAUSTED` with how many are in use of how many (4d.md LICN-07).
   */
  check(): void {
    const maximum = this.#maximum
    if (maximum === null) return
    const current = this.#sessions.counted
    if (current < maximum) return
    throw new ConnectionRefused('LICENCES_EXHAUSTED', `All licences are in use: ${current} of ${maximum}.`, {
      retryAfterMs: 60_000,
      licences: { current, maximum },
    })
  }

  /** Changes the maximum, null for none, and keeps it. Nobody is sent away (SPEC A46). @throws TesseraError `BAD_REQUEST`. */
  set(maximum: number | null): Promise<LicencesReport> {
    if (maximum !== null && !(Number.isInteger(maximum) && maximum >= 0 && maximum <= mostLicences))
      throw new TesseraError('BAD_REQUEST', `The maximum of licences is a whole number from 0 to ${mostLicences}, or none.`)
    return this.#changes.run(async () => {
      await this.#takeUp()
      await this.#ports.settings.set(key, maximum === null ? none : String(maximum))
      this.#kept = maximum
      this.#maximum = maximum
      this.#ports.bus.emit({ name: 'licences.changed', maximum })
      return this.report
    })
  }

  /** Once, before the first change: an operator may be there before the server has started. */
  async #takeUp(): Promise<void> {
    if (this.#takenUp) return
    const text = await this.#ports.settings.get(key)
    if (text !== null) {
      this.#kept = parseKept(text)
      this.#maximum = this.#atStart ?? this.#kept
    }
    this.#takenUp = true
  }

  #warnings(used: number): string[] {
    const warnings: string[] = []
    if (this.#maximum !== null && used > this.#maximum)
      warnings.push(`${used} licences are in use, the maximum is ${this.#maximum}: nobody is sent away, newcomers are refused.`)
    if (this.#atStart === null || this.#kept === undefined || this.#kept === this.#atStart) return warnings
    const kept = this.#kept ?? none
    const started = `the server was started with --max-clients ${this.#atStart}`
    warnings.push(
      this.#maximum === this.#atStart
        ? `The kept maximum of licences (${kept}) does not count: ${started}.`
        : `The maximum of licences counts until the next start with an option of its own: ${started}.`,
    )
    return warnings
  }
}

const parseKept = (text: string): number | null => {
  if (text === none) return null
  if (/^\d{1,7}$/.test(text)) return Number(text)
  throw new TesseraError('DATABASE_ERROR', 'The kept maximum of licences cannot be read: the server does not start without it.')
}
