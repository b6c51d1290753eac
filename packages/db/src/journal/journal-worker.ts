import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { JournalOrder, JournalReply } from './journal-messages.ts'

type Failure = Extract<JournalReply, { type: 'failed' }>

/** The near end of the thread that keeps a journal. One order at a time; the thread holds no process open while it has none. */
export class JournalWorker {
  readonly #file: string
  readonly #onTrouble: (message: string) => void
  #worker: Worker | null = null
  #last: Promise<unknown> = Promise.resolve({ type: 'closed' })
  #answer: ((reply: JournalReply) => void) | null = null

  constructor(file: string, onTrouble: (message: string) => void) {
    this.#file = file
    this.#onTrouble = onTrouble
  }

  /** Whether a thread is there; one that died has forgotten that it was asked to load. */
  get isAlive(): boolean {
    return this.#worker !== null
  }

  ask(order: JournalOrder): Promise<JournalReply> {
    const reply = this.#last.then(() => this.#send(order))
    this.#last = reply.catch(() => undefined)
    return reply
  }

  #send(order: JournalOrder): Promise<JournalReply> {
    return new Promise((resolve) => {
      this.#worker ??= this.#start()
      this.#answer = resolve
      this.#worker.ref()
      this.#worker.postMessage(order)
    })
  }

  #start(): Worker {
    // Resolved by name: it is the compiled file that a thread can load, also where this one runs from source.
    const worker = new Worker(createRequire(import.meta.url).resolve('@tessera/db/journal-thread'), { workerData: this.#file, execArgv: [] })
    let reason = 'its thread ended'
    worker.unref()
    worker.on('message', (reply: JournalReply) => {
      if (reply.type === 'unfolded') this.#onTrouble(reply.message)
      else this.#settle(reply)
    })
    worker.on('error', (error) => {
      reason = `its thread ended: ${error.message}`
    })
    worker.on('exit', () => {
      this.#worker = null
      this.#settle({ type: 'failed', code: null, message: reason } satisfies Failure)
    })
    return worker
  }

  #settle(reply: JournalReply): void {
    const answer = this.#answer
    this.#answer = null
    this.#worker?.unref()
    answer?.(reply)
  }
}
