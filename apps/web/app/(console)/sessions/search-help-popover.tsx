'use client'
import { Popover } from '@heroui/react/popover'
import type { RefObject } from 'react'
import { useTranslations } from 'use-intl'

const terms = [
  { term: 'user:ana', name: 'termUser' },
  { term: 'machine:till-3', name: 'termMachine' },
  { term: 'ip:10.1.', name: 'termIp' },
  { term: 'id:7F2A', name: 'termId' },
  { term: 'version:20261012.3', name: 'termVersion' },
  { term: 'state:sleeping', name: 'termState' },
  { term: 'privilege:sales', name: 'termPrivilege' },
  { term: 'is:outdated', name: 'termIs' },
] as const

export const SearchHelpPopover = ({ trigger, onClose }: { trigger: RefObject<HTMLButtonElement | null>; onClose: () => void }) => {
  const t = useTranslations('sessions')
  return (
    <Popover.Content
      isOpen
      triggerRef={trigger}
      placement="bottom end"
      className="popover max-w-[min(24rem,calc(100vw-2rem))]"
      onOpenChange={(open) => (open ? undefined : onClose())}
    >
      <Popover.Dialog className="popover__dialog flex flex-col gap-3">
        <Popover.Heading className="font-semibold">{t('help')}</Popover.Heading>
        <p>{t('helpWords')}</p>
        <p>{t('helpTerms')}</p>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {terms.map(({ term, name }) => (
            <div key={term} className="col-span-2 grid grid-cols-subgrid items-baseline">
              <dt>
                <code className="rounded-sm bg-default px-1 text-xs">{term}</code>
              </dt>
              <dd className="text-xs text-muted">{t(name)}</dd>
            </div>
          ))}
        </dl>
        <p className="text-xs text-muted">{t('helpChips')}</p>
      </Popover.Dialog>
    </Popover.Content>
  )
}
