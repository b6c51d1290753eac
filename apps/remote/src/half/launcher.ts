import type { AbortSignalLike } from '@tessera/kit'
import { decodeStorable, fromErrorBody, type Reply, type Storable, type StorableText, TesseraError, whenAborted } from '@tessera/protocol'
import type { Ask, FromHalf, ToHalf } from '../half-messages.ts'

interface Pending {
  resolve: (value: Storable) => void
  reject: (error: Error) => void
}

/** The launcher as the client half sees it: what is asked of it, and what it says by itself. */
export class Launcher {
  readonly #pending = new Map<number, Pending>()
  #lastId = 0

  listen(on: (message: Exclude<ToHalf, { kind: 'answer' }>) => void): void {
    process.on('message', (message: ToHalf) => {
      if (message.kind === 'answer') this.#answered(message.id, message.reply)
      else on(message)
    })
    // Without its launcher a client half has neither a server nor anybody to tell.
    process.on('disconnect', () => process.exit(1))
  }

  say(message: FromHalf): void {
    process.send?.(message)
  }

  ask(ask: Ask, signal?: AbortSignalLike): Promise<Storable> {
    if (signal?.aborted === true) return Promise.reject(cancelled(signal))
    this.#lastId += 1
    const id = this.#lastId
    const answer = new Promise<Storable>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.say({ kind: 'ask', id, ask })
    })
    return signal === undefined ? answer : this.#untilAborted(id, answer, signal)
  }

  /** Says the last thing and ends this process once it is out. */
  leave(message: FromHalf): void {
    process.send?.(message, () => process.exit(0))
  }

  async #untilAborted(id: number, answer: Promise<Storable>, signal: AbortSignalLike): Promise<Storable> {
    const takeBack = whenAborted(signal, () => {
      this.#pending.get(id)?.reject(cancelled(signal))
      this.#pending.delete(id)
      void this.ask({ kind: 'withdraw', call: id })
    })
    try {
      return await answer
    } finally {
      takeBack()
    }
  }

  #answered(id: number, reply: Reply<StorableText>): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (reply.ok) pending?.resolve(decodeStorable(reply.value))
    else pending?.reject(fromErrorBody(reply.error))
  }
}

const cancelled = (signal: AbortSignalLike): TesseraError => new TesseraError('CALL_CANCELLED', 'The call was cancelled here.', { cause: signal.reason })
