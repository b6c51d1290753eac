'use client'
import type { RejectedBuild } from '@tessera/protocol'
import { useTranslations } from 'use-intl'
import { Notice } from '../../../src/display/notice.tsx'
import { ProblemList } from '../../../src/display/problem-list.tsx'
import { Ago } from '../../../src/display/times.tsx'

/** The last build, when it could not become a version: whoever comes later must see it as well. */
export const RejectedBuildNotice = ({ build }: { build: RejectedBuild }) => {
  const t = useTranslations('versions')
  return (
    <Notice tone="bad">
      <p className="font-medium">{t.rich('rejectedAt', { who: build.by, when: () => <Ago at={build.at} /> })}</p>
      <p className="text-xs">{t('problems', { count: build.problems.length })}</p>
      <ProblemList problems={build.problems} />
    </Notice>
  )
}
