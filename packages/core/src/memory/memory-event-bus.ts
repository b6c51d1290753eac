import type { DomainEvent, EventName, EventOf } from '../events.ts'
import type { EventBus } from '../ports/event-bus.ts'
import type { Logger } from '../ports/logger.ts'

type Listener = (event: DomainEvent) => void

/** The bus of one server. */
export class MemoryEventBus implements EventBus {
  readonly #logger: Logger
  readonly #named = new Map<EventName, Set<Listener>>()
  readonly #all = new Set<Listener>()
  readonly #untold: DomainEvent[] = []
  #telling = false

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** An event that a listener causes is told after the present one: everybody hears them in one order (SPEC E1). */
  emit(event: DomainEvent): void {
    this.#untold.push(event)
    if (this.#telling) return
    this.#telling = true
    for (let next = this.#untold.shift(); next !== undefined; next = this.#untold.shift()) this.#tellAll(next)
    this.#telling = false
  }

  hears(name: EventName): boolean {
    return this.#all.size > 0 || (this.#named.get(name)?.size ?? 0) > 0
  }

  on<Name extends EventName>(name: Name, listener: (event: EventOf<Name>) => void): () => void {
    const listeners = this.#named.get(name) ?? new Set()
    this.#named.set(name, listeners)
    return join(listeners, listener as Listener)
  }

  onAny(listener: Listener): () => void {
    return join(this.#all, listener)
  }

  /** Whoever begins to listen meanwhile hears the next one; whoever leaves meanwhile hears no more. */
  #tellAll(event: DomainEvent): void {
    for (const listeners of [this.#named.get(event.name), this.#all]) {
      for (const listener of [...(listeners ?? [])]) if (listeners?.has(listener)) this.#tell(listener, event)
    }
  }

  #tell(listener: Listener, event: DomainEvent): void {
    try {
      listener(event)
    } catch (error) {
      this.#logger.error('A listener failed', { event: event.name, detail: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  }
}

const join = (listeners: Set<Listener>, listener: Listener): (() => void) => {
  // A wrapper of its own, so that one function that listens twice is told twice and leaves once.
  const member: Listener = (event) => listener(event)
  listeners.add(member)
  return () => {
    listeners.delete(member)
  }
}
