import type { Unsubscribe } from '@tessera/kit'

/** What the SDK takes from the machine: time and chance. Tests bring their own. */
export interface Surroundings {
  /** Milliseconds; only differences are used. It goes on while the program or the machine is suspended. */
  now(): number
  /** Runs `task` once after `ms`; what it returns takes it back. */
  after(ms: number, task: () => void): Unsubscribe
  /** Runs `task` again and again, which keeps no program alive; what it returns ends it. */
  every(ms: number, task: () => void): Unsubscribe
  /** 0 up to, not including, 1. */
  random(): number
}

/** `setTimeout` counts in 31 bits: a longer wait would end at once. */
const longestWait = 2_147_483_647

export const machine: Surroundings = {
  now: () => Date.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, Math.min(Math.max(0, ms), longestWait))
    return () => clearTimeout(timer)
  },
  every: (ms, task) => {
    const timer = setInterval(task, ms).unref()
    return () => clearInterval(timer)
  },
  random: () => Math.random(),
}

/** How long to wait before the `attempt`th try (0 is the first): doubled each time up to `mostMs`, then shortened by chance, by up to half. */
export const backOff = (attempt: number, waits: { firstMs: number; mostMs: number }, surroundings: Surroundings): number =>
  Math.min(waits.mostMs, waits.firstMs * 2 ** Math.min(attempt, 20)) * (1 - surroundings.random() / 2)
