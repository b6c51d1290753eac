'use client'
import { usePathname, useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { ActProvider } from '../acts/act-provider.tsx'
import { LiveProvider } from '../live/live-provider.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { EntryBanner } from './entry-banner.tsx'
import { KeysProvider } from './keys-provider.tsx'
import { OperatorGate } from './operator.tsx'
import { Rail } from './rail.tsx'
import { ServerProvider } from './server-provider.tsx'
import { signInPath } from './sign-in-path.ts'
import { TopBar } from './top-bar.tsx'

/** The frame around every page: rail, top bar, banner; the pages scroll inside it. */
export const ConsoleShell = ({ children }: { children: ReactNode }) => {
  const router = useRouter()
  const pathname = usePathname()
  return (
    <OperatorGate>
      <LiveProvider onSignedOut={() => router.replace(signInPath(pathname))}>
        <KeysProvider>
          <ActProvider>
            <ServerProvider>
              <Frame>{children}</Frame>
            </ServerProvider>
          </ActProvider>
        </KeysProvider>
      </LiveProvider>
    </OperatorGate>
  )
}

const Frame = ({ children }: { children: ReactNode }) => {
  const t = useTranslations('nav')
  return (
    <div className="flex h-dvh min-h-80 flex-col-reverse md:flex-row">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-2 focus:text-accent-foreground"
      >
        {t('skip')}
      </a>
      <Rail />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <TopBar />
        <ConnectionBanner />
        <EntryBanner />
        <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col bg-surface outline-none">
          {children}
        </main>
      </div>
    </div>
  )
}
