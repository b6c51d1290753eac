import type { Unsubscribe } from '@tessera/kit'
import type { ReloadDown } from '@tessera/protocol'
import type { Surroundings } from './surroundings.ts'

/** Accepts a reload when its time is up. The latest notice counts; nothing happens once somebody else has taken over. */
export class ReloadDeadline {
  readonly #surroundings: Surroundings
  readonly #accept: (version: string) => void
  #cancel: Unsubscribe = () => {}
  #held: boolean

  constructor(surroundings: Surroundings, options: { held: boolean; accept: (version: string) => void }) {
    this.#surroundings = surroundings
    this.#held = options.held
    this.#accept = options.accept
  }

  notice(reload: ReloadDown): void {
    this.#cancel()
    if (this.#held) return
    this.#cancel = this.#surroundings.after(reload.graceMs, () => this.#accept(reload.version.id))
  }

  hold(): void {
    this.#held = true
    this.#cancel()
  }

  cancel(): void {
    this.#cancel()
  }
}
