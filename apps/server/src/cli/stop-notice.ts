import type { ProcessRow } from '@tessera/protocol'

const mostNamed = 3

/** What people are told while a server that was asked to stop waits; null where nothing runs. */
export const stopNotice = (processes: readonly ProcessRow[]): string | null => {
  const running = processes.filter(({ state }) => state === 'executing')
  if (running.length === 0) return null
  const named = running.slice(0, mostNamed).map(({ method, name }) => (method === null || method === name ? name : `${method} in ${name}`))
  const others = running.length > mostNamed ? ` and ${running.length - mostNamed} more` : ''
  return `waiting for ${named.join(', ')}${others}; each part of the stop takes 10 s at most, Ctrl+C again ends at once`
}
