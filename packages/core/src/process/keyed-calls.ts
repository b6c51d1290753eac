import { limits, type Payload, payloadText, TesseraError, toErrorBody } from '@tessera/protocol'
import type { Ports } from '../ports/index.ts'
import type { Session } from '../session/session.ts'
import type { SessionKeeper } from '../session/session-keeper.ts'
import type { CallOutcome } from './executor.ts'
import { bytesOf, type Dropped, type EndedKey, type KeptOutcome, KeyedBook, type KeyedPart } from './keyed-book.ts'
import type { OpenCalls } from './open-calls.ts'

interface Rooms {
  keeper: SessionKeeper
  open: OpenCalls
}

interface KeyedCall {
  key: string
  method: string
  args: Payload
  request?: string | undefined
  deadlineMs: number | null
}

/** Carries the call out; `begin` is awaited right before its first effect. */
type Carry = (begin: () => Promise<void>) => Promise<CallOutcome>

/**
 * Runs a call that comes with an idempotency key once, however often it is asked: that it has begun is on the journal before it
 * runs, and its outcome before it is told (SPEC P25..P29). What certainly did not begin is forgotten, and may be asked again.
 */
export class KeyedCalls {
  readonly #ports: Pick<Ports, 'clock' | 'hasher' | 'logger'>
  readonly #rooms: Rooms

  constructor(ports: Pick<Ports, 'clock' | 'hasher' | 'logger'>, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  /** @throws TesseraError `IDEMPOTENCY_KEY_REUSED`, `JOURNAL_UNWRITABLE`: it did not run; whatever the call was stopped with or refused for. */
  run(session: Session, call: KeyedCall, carry: Carry): Promise<CallOutcome> {
    session.keyed ??= new KeyedBook()
    const book = session.keyed
    this.#expire(session, book)
    const digest = this.#ports.hasher.digest(JSON.stringify(call.method) + payloadText(call.args))
    const running = book.running.get(call.key)
    const known = running ?? book.find(call.key)
    if (known !== undefined && known.digest !== digest) throw reused(call.key)
    if (running !== undefined)
      return this.#rooms.open.join(session.id, { first: running.request, other: call.request, deadlineMs: call.deadlineMs }, running.outcome)
    const ended = book.find(call.key)
    if (ended !== undefined) return Promise.resolve(outcomeOf(ended))
    const outcome = this.#runFirst({ session, book, key: call.key, digest }, carry)
    book.running.set(call.key, { digest, request: call.request, outcome })
    return outcome
  }

  async #runFirst(first: First, carry: Carry): Promise<CallOutcome> {
    let hasBegun = false
    const begin = async (): Promise<void> => {
      await this.#keep(first.session, first.key, { digest: first.digest, at: this.#ports.clock.now() })
      hasBegun = true
    }
    // It is in the book before anything of it happens.
    await Promise.resolve()
    try {
      const outcome = await carry(begin)
      if (hasBegun && !isNotStarted(outcome)) return await this.#end(first, outcome)
      this.#forget(first)
      return outcome
    } catch (error) {
      const body = toErrorBody(error)
      if (isStop(error) || (hasBegun && body.code !== 'CALL_NOT_STARTED')) return this.#end(first, { ok: false, error: body })
      if (hasBegun) this.#forget(first)
      else first.book.running.delete(first.key)
      throw error
    }
  }

  async #end({ session, book, key, digest }: First, outcome: CallOutcome): Promise<CallOutcome> {
    const kept: KeptOutcome = outcome.ok ? { ok: true, value: payloadText(outcome.value) } : { ok: false, error: outcome.error }
    const ended: EndedKey = { digest, at: this.#ports.clock.now(), outcome: bytesOf(kept) > limits.keyedBytes ? null : kept }
    try {
      await this.#keep(session, key, ended)
    } catch (error) {
      // It has run: its caller must hear how. After a restart whoever asks again hears that it had begun.
      this.#ports.logger.error('The outcome of a call with an idempotency key could not be kept', { session: session.id, detail: String(error) })
    }
    this.#drop(session, book.end(key, ended))
    return outcome
  }

  /** It did not begin. Should the journal not take that back, a restart takes it for begun. */
  #forget({ session, book, key }: First): void {
    book.running.delete(key)
    this.#drop(session, [[key, null]])
  }

  /** While its client is away nothing expires: it may come back and ask again (SPEC P27). */
  #expire(session: Session, book: KeyedBook): void {
    const before = this.#ports.clock.now() - 1000 * limits.keyedSeconds
    if (session.stateSince <= before) this.#drop(session, book.expire(before))
  }

  /** Asked once and not again: a later try might undo what was kept under the same key since. */
  #drop(session: Session, dropped: Dropped): void {
    for (const [key, part] of dropped) this.#keep(session, key, part).catch(() => undefined)
  }

  /** A session that is over is asked nothing more, and one that no journal has needs no parts in it. */
  #keep(session: Session, key: string, part: KeyedPart | null): Promise<void> {
    return session.kept && session.state.name !== 'closed' ? this.#rooms.keeper.keepKeyed(session, key, part) : Promise.resolve()
  }
}

interface First {
  session: Session
  book: KeyedBook
  key: string
  digest: string
}

const isNotStarted = (outcome: CallOutcome): boolean => !outcome.ok && outcome.error.code === 'CALL_NOT_STARTED'

const isStop = (error: unknown): boolean => error instanceof TesseraError && (error.code === 'CALL_CANCELLED' || error.code === 'DEADLINE_EXCEEDED')

const reused = (key: string): TesseraError =>
  new TesseraError(
    'IDEMPOTENCY_KEY_REUSED',
    `The key "${key.slice(0, 100)}" came with another method or other arguments before: each call needs a key of its own.`,
  )

const outcomeOf = ({ outcome }: EndedKey): CallOutcome => {
  if (outcome !== null) return outcome
  const message = 'This call was carried out before, and its result is kept no longer: it is not run again.'
  return { ok: false, error: { code: 'CALL_INTERRUPTED', message } }
}
