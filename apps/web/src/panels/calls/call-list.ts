import type { CallRow } from '@tessera/protocol'
import type { CallSort } from '../../address/call-url.ts'

/** Those in which one of the texts occurs, apart by semicolons: in the method, the user, the code, or as the request's id. */
export const matchCalls = (calls: readonly CallRow[], text: string): readonly CallRow[] => {
  const wanted = text
    .toLowerCase()
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  if (wanted.length === 0) return calls
  return calls.filter(({ method, userName, code, request }) => {
    const told = [method, userName, code ?? '', request].map((one) => one.toLowerCase())
    return wanted.some((one) => told.some((part) => part.includes(one)))
  })
}

/** What is sorted by, where it is no number. */
const wordOf: Record<'method' | 'userName' | 'outcome', (call: CallRow) => string> = {
  method: ({ method }) => method,
  userName: ({ userName }) => userName,
  outcome: ({ code }) => code ?? '',
}

const ascending =
  (column: CallSort['column']): ((a: CallRow, b: CallRow) => number) =>
  (a, b) => {
    if (column === 'at') return a.number - b.number
    if (column === 'durationMs') return a.durationMs - b.durationMs
    return wordOf[column](a).localeCompare(wordOf[column](b))
  }

/** `calls` come newest first, and so stay those that are the same. */
export const sortCalls = (calls: readonly CallRow[], { column, direction }: CallSort): readonly CallRow[] => {
  if (column === 'at' && direction === 'descending') return calls
  const compare = ascending(column)
  return calls.toSorted(direction === 'ascending' ? compare : (a, b) => compare(b, a))
}

/** How many have ended since the list was held. `more`: at least so many, for the oldest are no longer told. */
export const newSince = (held: readonly CallRow[], calls: readonly CallRow[]): { count: number; more: boolean } => {
  const last = held[0]?.number ?? 0
  const count = calls.filter(({ number }) => number > last).length
  return { count, more: held.length > 0 && calls.length > 0 && count === calls.length }
}
