'use client'
import { usePathname, useRouter } from 'next/navigation'
import { type ReactNode, useRef } from 'react'
import { ApiProvider } from '../api/api-provider.tsx'
import { PreferencesProvider } from './preferences-provider.tsx'
import { signInPath } from './sign-in-path.ts'
import { Splash } from './splash.tsx'

/** What every page stands on: preferences, words, API; whoever has no sign-in (any more) is taken to it and back. */
export const Providers = ({ children }: { children: ReactNode }) => {
  const router = useRouter()
  const pathname = usePathname()
  const here = useRef(pathname)
  here.current = pathname
  const onSignInRequired = () => {
    if (!here.current.startsWith('/sign-in')) router.replace(signInPath(`${here.current}${window.location.search}`))
  }
  return (
    <PreferencesProvider fallback={<Splash />}>
      <ApiProvider onSignInRequired={onSignInRequired}>{children}</ApiProvider>
    </PreferencesProvider>
  )
}
