'use client'
import type { Problem } from '@tessera/protocol'
import { useTranslations } from 'use-intl'

/** What a build complains about, place by place; the place is written as editors understand it. */
export const ProblemList = ({ problems }: { problems: readonly Problem[] }) => {
  const t = useTranslations('versions')
  return (
    <ol className="mt-2 flex flex-col gap-2">
      {problems.map((problem) => (
        <li key={`${problem.file}:${problem.line}:${problem.column}:${problem.code}:${problem.message}`} className="min-w-0">
          <code className="text-xs break-all">
            {problem.file || '.'}:{problem.line}:{problem.column}
          </code>{' '}
          <span className={`text-xs ${problem.severity === 'warning' ? 'text-caution' : 'text-bad'}`}>
            {problem.severity === 'warning' ? t('severity_warning') : t('severity_error')} {problem.code}
          </span>
          <p className="break-words">{problem.message}</p>
        </li>
      ))}
    </ol>
  )
}
