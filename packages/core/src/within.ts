import type { Clock } from './ports/clock.ts'

/** Waits for the work, for so long; true when it was done in time. A rejection counts as done. No timer stays behind. */
export const within = (clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> =>
  new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false))
    const done = (): void => {
      cancel()
      resolve(true)
    }
    work.then(done, done)
  })
