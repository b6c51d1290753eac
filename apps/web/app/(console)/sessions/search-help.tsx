'use client'
import { Button } from '@heroui/react/button'
import { CircleHelp } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRef, useState } from 'react'
import { useTranslations } from 'use-intl'

const SearchHelpPopover = dynamic(() => import('./search-help-popover.tsx').then((module) => module.SearchHelpPopover), { ssr: false })

export const SearchHelp = () => {
  const t = useTranslations('sessions')
  const trigger = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button ref={trigger} variant="ghost" isIconOnly aria-label={t('help')} aria-expanded={open} onPress={() => setOpen(true)}>
        <CircleHelp aria-hidden="true" />
      </Button>
      {open ? <SearchHelpPopover trigger={trigger} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
