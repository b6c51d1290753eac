import type { Unsubscribe } from '@tessera/kit'

/** A listener whose event is known by the place where it is kept. */
interface Entry {
  deliver(value: unknown): void
}

/**
 * Listeners by event name. What a listener throws becomes an uncaught exception and does not stop the other listeners.
 * Events are kept until `release`, so that whoever has just been given the emitter can listen before the first one.
 */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<Entry>>()
  #kept: (() => void)[] | null = []

  release(): void {
    const kept = this.#kept ?? []
    this.#kept = null
    for (const deliver of kept) deliver()
  }

  on<Name extends keyof Events>(name: Name, listener: (value: Events[Name]) => void): Unsubscribe {
    const entry: Entry = { deliver: (value: Events[Name]) => listener(value) }
    const listeners = this.#listeners.get(name) ?? new Set<Entry>()
    this.#listeners.set(name, listeners.add(entry))
    return () => listeners.delete(entry)
  }

  /** `delivered` is called once all listeners have run. */
  emit<Name extends keyof Events>(name: Name, value: Events[Name], delivered: () => void = () => undefined): void {
    const deliver = (): void => {
      this.#deliver(name, value)
      delivered()
    }
    if (this.#kept !== null) this.#kept.push(deliver)
    else deliver()
  }

  #deliver<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    for (const entry of [...(this.#listeners.get(name) ?? [])]) {
      try {
        entry.deliver(value)
      } catch (thrown) {
        queueMicrotask(() => {
          throw thrown
        })
      }
    }
  }
}
