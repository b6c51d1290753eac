/** What the operator is told about the live socket. `since`: when it was last heard, in epoch milliseconds. */
export type ConnectionStatus = { name: 'connecting' } | { name: 'live' } | { name: 'reconnecting'; since: number } | { name: 'offline'; since: number }

const offlineAfterMs = 20_000
const patienceMs = 4_000

/** Turns the socket's ups and downs into the few words that the shell shows. */
export class ConnectionStatusStore {
  #status: ConnectionStatus = { name: 'connecting' }
  #timer: ReturnType<typeof setTimeout> | null = null
  readonly #listeners = new Set<() => void>()

  readonly current = (): ConnectionStatus => this.#status

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A first connection that takes its time is told like one that was lost. */
  connecting(): void {
    if (this.#status.name === 'connecting') this.#later(patienceMs, () => this.down())
  }

  up(): void {
    this.#later(0, null)
    this.#set({ name: 'live' })
  }

  down(): void {
    if (this.#status.name === 'reconnecting' || this.#status.name === 'offline') return
    const since = Date.now()
    this.#set({ name: 'reconnecting', since })
    this.#later(offlineAfterMs, () => this.#set({ name: 'offline', since }))
  }

  #later(delayMs: number, act: (() => void) | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = act === null ? null : setTimeout(act, delayMs)
  }

  #set(status: ConnectionStatus): void {
    this.#status = status
    for (const listener of this.#listeners) listener()
  }
}
