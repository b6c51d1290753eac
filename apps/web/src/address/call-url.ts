export const callSortColumns = ['at', 'method', 'userName', 'durationMs', 'outcome'] as const
export interface CallSort {
  column: (typeof callSortColumns)[number]
  direction: 'ascending' | 'descending'
}

/** Everything that the address of the calls page says. */
export interface CallsUrl {
  /** Only the slow ones. */
  slow: boolean
  text: string
  sort: CallSort
  /** Only the calls of that session. */
  session: string | null
  /** The number of the call whose panel is open. */
  call: number | null
}

const defaultSort: CallSort = { column: 'at', direction: 'descending' }

/** `-durationMs` sorts the longest first. */
const sortOf = (text: string | null): CallSort => {
  const descending = text?.startsWith('-') === true
  const column = callSortColumns.find((one) => one === (descending ? text?.slice(1) : text))
  return column === undefined ? defaultSort : { column, direction: descending ? 'descending' : 'ascending' }
}

const numberOf = (text: string | null): number | null => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null)

export const parseCallsUrl = (params: URLSearchParams): CallsUrl => ({
  slow: params.get('show') === 'slow',
  text: (params.get('q') ?? '').slice(0, 1000),
  sort: sortOf(params.get('sort')),
  session: params.get('session') || null,
  call: numberOf(params.get('call')),
})

/** The search part of the address, `?` included; '' for the page as it opens by itself. Defaults are not written. */
export const formatCallsUrl = ({ slow, text, sort, session, call }: CallsUrl): string => {
  const params = new URLSearchParams()
  if (slow) params.set('show', 'slow')
  if (text !== '') params.set('q', text)
  if (sort.column !== defaultSort.column || sort.direction !== defaultSort.direction)
    params.set('sort', `${sort.direction === 'descending' ? '-' : ''}${sort.column}`)
  if (session !== null) params.set('session', session)
  if (call !== null) params.set('call', String(call))
  const search = params.toString()
  return search === '' ? '' : `?${search}`
}

/** The calls page, narrowed. */
export const callsHref = (change: Partial<CallsUrl>): string => `/calls/${formatCallsUrl({ ...parseCallsUrl(new URLSearchParams()), ...change })}`
