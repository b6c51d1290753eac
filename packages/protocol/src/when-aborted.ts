/** What is needed of the signal of an `AbortController`. */
interface Abortable {
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

interface Waiting {
  acts: Set<() => void>
  listener(): void
}

const waitingFor = new WeakMap<Abortable, Waiting>()

/**
 * Acts when the signal aborts; what is answered takes that back. However many wait for one signal, it has one listener, and none
 * once nobody waits: Node warns of a leak from the eleventh on, and one signal for many calls is none.
 */
export const whenAborted = (signal: Abortable, act: () => void): (() => void) => {
  const waiting = waitingFor.get(signal) ?? listen(signal)
  // The same act may wait twice.
  const own = (): void => act()
  waiting.acts.add(own)
  return () => {
    waiting.acts.delete(own)
    if (waiting.acts.size > 0 || waitingFor.get(signal) !== waiting) return
    waitingFor.delete(signal)
    signal.removeEventListener('abort', waiting.listener)
  }
}

const listen = (signal: Abortable): Waiting => {
  const acts = new Set<() => void>()
  const listener = (): void => {
    for (const act of [...acts]) act()
  }
  const waiting = { acts, listener }
  waitingFor.set(signal, waiting)
  signal.addEventListener('abort', listener)
  return waiting
}
