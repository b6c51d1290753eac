'use client'
import { Button } from '@heroui/react/button'
import { Settings2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useTranslations } from 'use-intl'

const PreferencesSheet = dynamic(() => import('./preferences-sheet.tsx').then((module) => module.PreferencesSheet), { ssr: false })

/** On narrow screens: one button in place of the switches of the top bar. */
export const PreferencesMenu = () => {
  const t = useTranslations('preferences')
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" variant="ghost" isIconOnly aria-label={t('open')} onPress={() => setOpen(true)}>
        <Settings2 aria-hidden="true" />
      </Button>
      {open ? <PreferencesSheet onClose={() => setOpen(false)} /> : null}
    </>
  )
}
