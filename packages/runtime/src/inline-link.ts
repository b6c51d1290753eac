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

  constructor(events: LinkEvents) {
    captureConsoleOnce()
    this.#events = events
    this.#isolate = new Isolate((message) => {
      if (!this.#ended) events.onMessage(message)
    })
  }

  /** As with a pipe, the isolate works only after the sender is done with its turn. */
  send(message: Down): void {
    queueMicrotask(() => {
      if (!this.#ended) this.#isolate.receive(message)
    })
  }

  stop(): Promise<void> {
    this.kill('stopped')
    return Promise.resolve()
  }

  kill(why: string): void {
    if (this.#ended) return
    this.#ended = true
    this.#events.onEnded(why, true)
  }
}

let captured = false

const captureConsoleOnce = (): void => {
  if (!captured) captureConsole()
  captured = true
}
