import { type TesseraError, toErrorBody } from '@tessera/protocol'
import type { RunOutcome } from '../ports/isolate-host.ts'

type Act = (error: TesseraError) => void

const nothing: Act = () => undefined

/** Through which a call ends before it is done: at its deadline, or because its caller wants it no longer (SPEC P21, P23, P24). */
export class CallStop {
  readonly #tell: Act
  #act: Act = nothing
  #error: TesseraError | null = null

  /** `tell`: its caller hears of it at once, wherever the call is. */
  constructor(tell: Act) {
    this.#tell = tell
  }

  get error(): TesseraError | null {
    return this.#error
  }

  /** Only the first reason counts. */
  stop(error: TesseraError): void {
    if (this.#error !== null) return
    this.#error = error
    this.#act(error)
    this.#tell(error)
  }

  /** What else is to be done when it is stopped, in place of what was said before; at once where it was stopped already. */
  meanwhile(act: Act): void {
    this.#act = act
    if (this.#error !== null) act(this.#error)
  }

  /** @throws TesseraError that it was stopped with. */
  check(): void {
    if (this.#error !== null) throw this.#error
  }

  /** What its isolate made of it, under the reason for which it was stopped. */
  outcome(ran: RunOutcome): RunOutcome {
    this.#act = nothing
    return this.#error === null ? ran : { ok: false, error: toErrorBody(this.#error), isolate: ran.isolate }
  }
}

/** Carries work out that may be stopped. Whoever stops it, the answer is there at once. @throws TesseraError of the stop, and of the work. */
export const stoppable = <Result>(work: (stop: CallStop) => Promise<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    work(new CallStop(reject)).then(resolve, reject)
  })
