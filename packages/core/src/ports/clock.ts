export type Cancel = () => void

/** Time. The engine has no timer of its own. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number
  /** Milliseconds with fractions since some moment or other: for measuring how long something took. Never goes back. */
  elapsed(): number
  /** Runs `fn` once after `ms` milliseconds, unless cancelled. A waiting timer never keeps a process alive by itself. */
  after(ms: number, fn: () => void): Cancel
}
