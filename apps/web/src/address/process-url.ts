import type { ProcessChip, ProcessSort } from '@tessera/protocol'
import { processChips, processSortColumns } from './process-names.ts'

export const processViews = ['processes', 'isolates'] as const
export type ProcessesView = (typeof processViews)[number]

/** Everything that the address of the processes page says. */
export interface ProcessesUrl {
  view: ProcessesView
  text: string
  chips: readonly ProcessChip[]
  sort: ProcessSort
  /** Only the processes of that session. */
  session: string | null
  /** The process whose panel is open. */
  process: string | null
}

const defaultSort: ProcessSort = { column: 'number', direction: 'ascending' }

/** `-cpuUsage` sorts descending by CPU, `name` ascending by name. */
const sortOf = (text: string | null): ProcessSort => {
  const descending = text?.startsWith('-') === true
  const column = processSortColumns.find((one) => one === (descending ? text?.slice(1) : text))
  return column === undefined ? defaultSort : { column, direction: descending ? 'descending' : 'ascending' }
}

export const parseProcessesUrl = (params: URLSearchParams): ProcessesUrl => {
  const named = new Set((params.get('chips') ?? '').split(','))
  return {
    view: processViews.find((one) => one === params.get('view')) ?? 'processes',
    text: (params.get('q') ?? '').slice(0, 1000),
    chips: processChips.filter((chip) => named.has(chip)),
    sort: sortOf(params.get('sort')),
    session: params.get('session') || null,
    process: params.get('process') || null,
  }
}

/** The search part of the address, `?` included; '' for the page as it opens by itself. Defaults are not written. */
export const formatProcessesUrl = ({ view, text, chips, sort, session, process }: ProcessesUrl): string => {
  const params = new URLSearchParams()
  if (view !== 'processes') params.set('view', view)
  if (text !== '') params.set('q', text)
  if (chips.length > 0) params.set('chips', chips.join(','))
  if (sort.column !== defaultSort.column || sort.direction !== defaultSort.direction)
    params.set('sort', `${sort.direction === 'descending' ? '-' : ''}${sort.column}`)
  if (session !== null) params.set('session', session)
  if (process !== null) params.set('process', process)
  const search = params.toString()
  return search === '' ? '' : `?${search}`
}

/** The processes page, narrowed to one session. */
export const processesHref = (change: Partial<ProcessesUrl>): string =>
  `/processes/${formatProcessesUrl({ ...parseProcessesUrl(new URLSearchParams()), ...change })}`
