'use client'
import type { SessionSort } from '@tessera/protocol'
import { useTranslations } from 'use-intl'
import { sessionSortColumns } from '../../../src/address/query-names.ts'
import type { Go } from '../../../src/address/use-sessions-address.ts'

/** Narrow screens have no column headers to press. */
export const SortChoice = ({ sort, go }: { sort: SessionSort; go: Go }) => {
  const t = useTranslations()
  return (
    <label className="ms-auto self-center @min-[640px]:hidden">
      <span className="sr-only">{t('sessions.sortBy')}</span>
      <select
        className="native-select max-w-32"
        value={`${sort.column} ${sort.direction}`}
        onChange={(event) => {
          const [name, direction] = event.target.value.split(' ')
          const column = sessionSortColumns.find((one) => one === name)
          if (column !== undefined) go({ sort: { column, direction: direction === 'ascending' ? 'ascending' : 'descending' } })
        }}
      >
        {sessionSortColumns.flatMap((column) => [
          <option key={`${column} ascending`} value={`${column} ascending`}>
            {t(`column.${column}`)} ↑
          </option>,
          <option key={`${column} descending`} value={`${column} descending`}>
            {t(`column.${column}`)} ↓
          </option>,
        ])}
      </select>
    </label>
  )
}
