import { setTimeout as sleep } from 'node:timers/promises'

const everyMs = 500

/** Looks again and again until Ctrl+C, or until nobody reads the output any more; neither is an error. */
export const follow = async (look: () => Promise<void>): Promise<void> => {
  const over = new AbortController()
  const stop = (): void => over.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  process.stdout.once('error', stop)
  try {
    while (!over.signal.aborted) {
      await look()
      await sleep(everyMs, undefined, { signal: over.signal }).catch(() => undefined)
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
    process.stdout.off('error', stop)
  }
}
