import type { Unsubscribe } from '@tessera/kit'
import type { Surroundings } from './surroundings.ts'

/** How often the server gives a sign of life, and how much later than that it may come. */
export interface Heartbeat {
  pingInterval: number
  pingTimeout: number
}

const checkMs = 1000

/**
 * Watches for how long the server has given no sign of life (4d.md SLP-10). It goes by the clock: while the program or the
 * machine was suspended timers may have stood still, and the server may have given this client up.
 */
export class SilenceWatch {
  readonly #surroundings: Surroundings
  #heardAt = 0
  #heartbeat: Heartbeat | null = null
  #stop: Unsubscribe = () => {}

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  /** `dead` is told once, when the server has been silent for longer than it may be. */
  begin(heartbeat: Heartbeat, dead: () => void): void {
    this.#heartbeat = heartbeat
    this.heard()
    this.#stop = this.#surroundings.every(checkMs, () => {
      if (this.#silentMs <= heartbeat.pingInterval + heartbeat.pingTimeout) return
      this.stop()
      dead()
    })
  }

  heard(): void {
    this.#heardAt = this.#surroundings.now()
  }

  /** A sign of life is overdue: what is sent now may never arrive. */
  get doubtful(): boolean {
    return this.#heartbeat !== null && this.#silentMs > this.#heartbeat.pingInterval + this.#heartbeat.pingTimeout / 2
  }

  stop(): void {
    this.#stop()
  }

  get #silentMs(): number {
    return this.#surroundings.now() - this.#heardAt
  }
}
