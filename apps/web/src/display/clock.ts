const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null

/** One tick a second for everything on the page that tells how long ago; none while nothing does. */
export const subscribeToClock = (listener: () => void): (() => void) => {
  listeners.add(listener)
  timer ??= setInterval(() => {
    for (const one of listeners) one()
  }, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}
