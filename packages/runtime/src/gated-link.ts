import { toErrorBody } from '@tessera/protocol/values'
import type { BegunRuns } from './begun-log.ts'
import type { IsolateLink, LinkEvents, StartLink } from './isolate-link.ts'
import type { Down } from './messages.ts'
import type { StartGate } from './start-gate.ts'

/** Makes isolates start when the gate lets them in; what they are sent before waits for them. */
export const gated =
  (gate: StartGate, startLink: StartLink): StartLink =>
  (events) =>
    new GatedLink(gate, startLink, events)

/** A link that may still wait for its isolate to be started. It holds its place in the gate until the code is loaded. */
class GatedLink implements IsolateLink {
  readonly started: Promise<void>
  readonly #gate: StartGate
  readonly #events: LinkEvents
  readonly #open: () => void
  #link: IsolateLink | null = null
  #waiting: Down[] = []
  #state: 'waiting' | 'starting' | 'started' | 'ended' = 'waiting'

  constructor(gate: StartGate, startLink: StartLink, events: LinkEvents) {
    this.#gate = gate
    this.#events = events
    let isStarted = (): void => {}
    this.started = new Promise((resolve) => {
      isStarted = resolve
    })
    this.#open = () => {
      this.#state = 'starting'
      try {
        this.#link = startLink(this.#watched())
        for (const message of this.#waiting.splice(0)) this.#sendNow(this.#link, message)
        isStarted()
      } catch (error) {
        // Not at once: whoever makes this link has to have it before it hears of its end.
        queueMicrotask(() => this.#fail(error instanceof Error ? error.message : String(error)))
      }
    }
    gate.enter(this.#open)
  }

  get pid(): number | null {
    return this.#link?.pid ?? null
  }

  send(message: Down): void {
    if (this.#state === 'waiting') this.#waiting.push(message)
    else this.#link?.send(message)
  }

  stop(): Promise<void> {
    if (this.#link !== null) return this.#link.stop()
    this.#giveUp('stopped')
    return Promise.resolve()
  }

  begun(): BegunRuns | null {
    return this.#link?.begun() ?? null
  }

  kill(why: string): void {
    if (this.#link === null) this.#giveUp(why)
    else this.#link.kill(why)
  }

  #watched(): LinkEvents {
    return {
      onMessage: (message) => {
        if (this.#state === 'starting' && (message.type === 'ready' || message.type === 'rejected')) this.#leaveGate('started')
        this.#events.onMessage(message)
      },
      onWatch: (report) => this.#events.onWatch(report),
      onEnded: (why, complete, begun) => {
        if (this.#state === 'starting') this.#leaveGate('ended')
        this.#events.onEnded(why, complete, begun)
      },
    }
  }

  #leaveGate(state: 'started' | 'ended'): void {
    this.#state = state
    this.#gate.leave()
  }

  /** The system has no more processes, threads or descriptors to give. */
  #fail(why: string): void {
    this.#waiting = []
    if (this.#state === 'starting') this.#leaveGate('ended')
    this.#events.onEnded(`could not be started: ${why}`, true)
  }

  #giveUp(why: string): void {
    if (this.#state !== 'waiting') return
    this.#state = 'ended'
    this.#gate.giveUp(this.#open)
    this.#waiting = []
    this.#events.onEnded(why, true)
  }

  /** Its sender is gone: a run that is too large fails alone, anything else leaves the isolate without what it needs. */
  #sendNow(link: IsolateLink, message: Down): void {
    try {
      link.send(message)
    } catch (error) {
      const { message: why } = toErrorBody(error)
      if (message.type === 'run') {
        const { call, process } = message
        queueMicrotask(() => this.#events.onMessage({ type: 'failed', call, process, error: toErrorBody(error), variables: [] }))
      } else link.kill(why)
    }
  }
}
