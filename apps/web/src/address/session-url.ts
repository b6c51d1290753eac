import { type SessionChip, type SessionQuery, type SessionSort, sessionChips, sessionSortColumns } from './query-names.ts'

export const panelTabs = ['summary', 'storage', 'privileges', 'processes', 'calls'] as const
export type PanelTab = (typeof panelTabs)[number]

/** Everything that the address of the sessions page says. */
export interface SessionsUrl {
  query: SessionQuery
  sort: SessionSort
  session: string | null
  tab: PanelTab
  /** The storage as it was: '' for all slots, else the one slot; null for the storage as it is. */
  history: string | null
}

export const defaultSort: SessionSort = { column: 'createdAt', direction: 'descending' }

const chipsOf = (text: string | null): SessionChip[] => {
  const named = new Set((text ?? '').split(','))
  return sessionChips.filter((chip) => named.has(chip))
}

/** `-calls` sorts descending by calls, `userName` ascending by user. */
const sortOf = (text: string | null): SessionSort => {
  const descending = text?.startsWith('-') === true
  const name = descending ? text?.slice(1) : text
  const column = sessionSortColumns.find((one) => one === name)
  return column === undefined ? defaultSort : { column, direction: descending ? 'descending' : 'ascending' }
}

export const parseSessionsUrl = (params: URLSearchParams): SessionsUrl => {
  const tab = params.get('tab')
  const session = params.get('session')
  return {
    query: { text: (params.get('q') ?? '').slice(0, 1000), chips: chipsOf(params.get('chips')) },
    sort: sortOf(params.get('sort')),
    session: session === '' ? null : session,
    tab: panelTabs.find((one) => one === tab) ?? 'summary',
    history: params.get('history'),
  }
}

/** The search part of the address, `?` included; '' for the page as it opens by itself. Defaults are not written. */
export const formatSessionsUrl = ({ query, sort, session, tab, history }: SessionsUrl): string => {
  const params = new URLSearchParams()
  if (query.text !== '') params.set('q', query.text)
  if (query.chips.length > 0) params.set('chips', query.chips.join(','))
  if (sort.column !== defaultSort.column || sort.direction !== defaultSort.direction)
    params.set('sort', `${sort.direction === 'descending' ? '-' : ''}${sort.column}`)
  if (session !== null) params.set('session', session)
  if (session !== null && tab !== 'summary') params.set('tab', tab)
  if (session !== null && history !== null) params.set('history', history)
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}

/** The sessions page, narrowed to what a query means. */
export const sessionsHref = (query: SessionQuery): string => `/sessions/${formatSessionsUrl({ ...parseSessionsUrl(new URLSearchParams()), query })}`
