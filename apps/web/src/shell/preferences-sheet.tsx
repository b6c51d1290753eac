'use client'
import { LogOut } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { BusyButton } from '../display/busy-button.tsx'
import { Dialog } from '../display/dialog.tsx'
import { useOperator } from './operator.tsx'
import { LanguageSwitch, ThemeSwitch } from './preference-switches.tsx'
import { useSignOut } from './sign-out.ts'

export const PreferencesSheet = ({ onClose }: { onClose: () => void }) => {
  const t = useTranslations('preferences')
  const operator = useOperator()
  const { signOut, pending } = useSignOut()
  return (
    <Dialog title={t('open')} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Line label={t('theme')}>
          <ThemeSwitch />
        </Line>
        <Line label={t('language')}>
          <LanguageSwitch />
        </Line>
        <Line label={t('signedInAs', { name: operator.name })}>
          <BusyButton size="sm" variant="outline" busy={pending} onPress={signOut}>
            <LogOut aria-hidden="true" />
            {t('signOut')}
          </BusyButton>
        </Line>
      </div>
    </Dialog>
  )
}

const Line = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="flex flex-wrap items-center justify-between gap-2">
    <span aria-hidden="true" className="text-muted">
      {label}
    </span>
    {children}
  </div>
)
