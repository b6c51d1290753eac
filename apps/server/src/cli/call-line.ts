import type { CallRow } from '@tessera/protocol'
import { oneLine } from './output.ts'

/** One call on one line: when, how long and where the time went, what it was and whose, how it ended. */
export const callLine = (row: CallRow): string => {
  const time = `${milliseconds(row.durationMs)} (${splitOf(row.split)})`
  const outcome = row.ok ? 'ok' : `${row.code ?? ''} ${row.message ?? ''}`
  const parts = [timeOf(row.at), time, row.method, row.userName || 'guest', row.process, outcome, row.request, row.arguments ?? '']
  return parts
    .map(oneLine)
    .filter((part) => part !== '')
    .join('  ')
}

const splitOf = ({ queueMs, hopMs, runMs, storageMs }: CallRow['split']): string =>
  [
    ['queue', queueMs],
    ['hop', hopMs],
    ['run', runMs],
    ['storage', storageMs],
  ]
    .flatMap(([name, ms]) => (typeof ms === 'number' ? [`${name} ${short(ms)}`] : []))
    .join(', ')

const milliseconds = (ms: number): string => `${short(ms)} ms`

/** Two figures where they tell something. */
const short = (ms: number): string => (ms < 10 ? String(Math.round(ms * 100) / 100) : String(Math.round(ms)))

/** The time of day, local, to the millisecond. */
const timeOf = (iso: string): string => {
  const at = new Date(iso)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`
}
