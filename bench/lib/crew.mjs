import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { checkEcho, makePayload } from '../p1/payload.mjs'
import { CallBook } from './call-book.mjs'
import { CallFailed, connectCaller } from './caller.mjs'
import { openLoop } from './open-loop.mjs'

const connectAtOnce = 20
const lookAgainMs = 10

/** Clients of one server who call `echo` at a fixed rate, each in its turn, and a book of what became of it. */
export class Crew {
  #book = new CallBook(0)
  /** @type {import('./caller.mjs').Caller[]} */
  #callers = []
  #next = 0
  #pending = 0
  #lost = 0
  /** @type {Error | null} */
  #wrong = null

  /** How many of them lost their connection. */
  get lost() {
    return this.#lost
  }

  /** Calls that were due so far. */
  get due() {
    return this.#next
  }

  /** A new book. @param {number} calls how many will be due at most */
  expect(calls) {
    this.#book = new CallBook(calls)
    this.#next = 0
  }

  /** @param {{ kind: import('./caller.mjs').Kind, port: number, count: number }} target */
  async connect({ kind, port, count }) {
    let index = 0
    const some = async () => {
      while (index < count) this.#callers.push(await connectCaller({ kind, port, index: index++, onLost: () => void this.#lost++ }))
    }
    await Promise.all(Array.from({ length: Math.min(connectAtOnce, count) }, some))
    await Promise.all(this.#callers.map((caller, number) => echo(caller, number)))
  }

  /**
   * An open loop for so long. Calls of clients that lost their connection are due all the same; where all did, the rest is not waited for.
   * @param {{ seconds: number, perSecond: number }} plan
   * @throws Error where an echo was wrong
   */
  async callFor({ seconds, perSecond }) {
    const first = this.#next
    const calls = Math.round(seconds * perSecond)
    const { latest } = await openLoop({
      calls,
      perSecond,
      begin: (number, due) => {
        this.#next = first + number + 1
        void this.#begin(first + number, due)
      },
      over: () => this.#lost >= this.#callers.length || this.#wrong !== null,
    })
    if (this.#wrong !== null) throw this.#wrong
    this.#next = first + calls
    return { from: first, to: this.#next, latest }
  }

  /**
   * @param {number} number
   * @param {number} due
   */
  async #begin(number, due) {
    const caller = this.#callers[number % this.#callers.length]
    if (caller === undefined) return
    this.#pending += 1
    try {
      await echo(caller, number)
      this.#book.answer(number, performance.now() - due)
    } catch (error) {
      if (error instanceof CallFailed) this.#book.fail(number, error.code)
      else this.#wrong ??= error instanceof Error ? error : new Error(String(error))
    }
    this.#pending -= 1
  }

  /**
   * A closed loop, one call at a time on each: how many a second the server can answer.
   * @param {number} seconds
   */
  async measureCapacity(seconds) {
    const from = performance.now()
    const until = from + seconds * 1000
    let calls = 0
    const loop = async (/** @type {import('./caller.mjs').Caller} */ caller) => {
      while (performance.now() < until) {
        await echo(caller, calls++)
      }
    }
    await Promise.all(this.#callers.map(loop))
    return (calls * 1000) / (performance.now() - from)
  }

  /**
   * Waits until every call has ended, but no longer than this.
   * @param {number} mostMs
   */
  async settle(mostMs) {
    const until = performance.now() + mostMs
    while (this.#pending > 0 && this.#lost < this.#callers.length && performance.now() < until) await pause(lookAgainMs)
    if (this.#wrong !== null) throw this.#wrong
  }

  /**
   * @param {number} from
   * @param {number} to
   */
  stretch(from, to) {
    return this.#book.stretch(from, to)
  }
}

/**
 * @param {import('./caller.mjs').Caller} caller
 * @param {number} number
 */
const echo = async (caller, number) => {
  const payload = makePayload(number)
  checkEcho(payload, await caller.call('echo', payload))
}
