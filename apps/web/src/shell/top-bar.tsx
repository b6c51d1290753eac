'use client'
import { Button } from '@heroui/react/button'
import { Keyboard, LogOut } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { BrandMark } from '../display/brand.tsx'
import { BusyButton } from '../display/busy-button.tsx'
import { ConnectionBadge } from './connection-badge.tsx'
import { useKeys } from './keys-provider.tsx'
import { useOperator } from './operator.tsx'
import { LanguageSwitch, ThemeSwitch } from './preference-switches.tsx'
import { PreferencesMenu } from './preferences-menu.tsx'
import { useServer } from './server-provider.tsx'
import { useSignOut } from './sign-out.ts'

export const TopBar = () => {
  const operator = useOperator()
  const server = useServer()
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 border-b border-border bg-surface px-3 md:px-4">
      <span className="md:hidden">
        <BrandMark />
      </span>
      <div className="flex min-w-0 flex-1 items-baseline gap-2">
        <span className="truncate font-semibold">{server?.project ?? operator.project}</span>
        {server?.version ? <span className="truncate text-xs text-muted max-sm:hidden">{server.version.id}</span> : null}
      </div>
      <ConnectionBadge />
      <div className="hidden items-center gap-3 md:flex">
        <ThemeSwitch compact />
        <LanguageSwitch compact />
        <Who />
      </div>
      <div className="md:hidden">
        <PreferencesMenu />
      </div>
    </header>
  )
}

const Who = () => {
  const operator = useOperator()
  const keys = useKeys()
  const t = useTranslations()
  const { signOut, pending } = useSignOut()
  return (
    <>
      <Button size="sm" variant="ghost" isIconOnly aria-label={t('keys.label')} onPress={keys.showHelp}>
        <Keyboard aria-hidden="true" />
      </Button>
      <span className="max-w-40 truncate text-xs text-muted max-lg:hidden" title={t(`role.${operator.role}`)}>
        {operator.name}
      </span>
      <BusyButton size="sm" variant="ghost" busy={pending} onPress={signOut}>
        <LogOut aria-hidden="true" />
        <span className="max-lg:sr-only">{t('preferences.signOut')}</span>
      </BusyButton>
    </>
  )
}
