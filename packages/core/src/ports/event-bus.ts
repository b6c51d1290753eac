import type { DomainEvent, EventName } from '../events.ts'

/** The only door out of the engine. Listeners run in order, in the same turn; one that throws is logged and harms no other. */
export interface EventBus {
  emit(event: DomainEvent): void
  /** Whether anybody listens: lets a hot path skip making an event that nobody would hear. */
  hears(name: EventName): boolean
  on<Name extends EventName>(name: Name, listener: (event: Extract<DomainEvent, { name: Name }>) => void): () => void
  onAny(listener: (event: DomainEvent) => void): () => void
}
