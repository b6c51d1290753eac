import { captureConsole } from './inside/console-capture.ts'
import { Isolate } from './inside/isolate.ts'
import type { IsolateLink, LinkEvents } from './isolate-link.ts'
import type { Down } from './messages.ts'

/** An isolate in this very process: no isolation, no copies, and a debugger sees all of it. */
export class InlineLink implements IsolateLink {
  readonly pid = null
  readonly #isolate: Isolate
  readonly #events: LinkEvents
  #ended = false
  #batch: Down[] = []

  constructor(events: LinkEvents) {
    captureConsoleOnce()
    this.#events = events
    this.#isolate = new Isolate((message) => {
      if (!this.#ended) events.onMessage(message)
    })
  }

  /** As with a pipe, the isolate works only after the sender is done with its turn, and gets all of it at once. */
  send(message: Down): void {
    if (this.#batch.push(message) > 1) return
    queueMicrotask(() => {
      const messages = this.#batch
      this.#batch = []
      if (!this.#ended) this.#isolate.receiveAll(messages)
    })
  }

  stop(): Promise<void> {
    this.kill('stopped')
    return Promise.resolve()
  }

  begun(): null {
    return null
  }

  kill(why: string): void {
    if (this.#ended) return
    this.#ended = true
    // Nobody noted what had begun, and it goes on where it was.
    this.#events.onEnded(why, false)
  }
}

let captured = false

const captureConsoleOnce = (): void => {
  if (!captured) captureConsole()
  captured = true
}
