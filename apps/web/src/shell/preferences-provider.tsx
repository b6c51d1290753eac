'use client'
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'
import { IntlProvider } from 'use-intl'
import { messagesFor } from '../i18n/messages.ts'
import { defaultPreferences, type Language, type Preferences, paintPreferences, readPreferences, writePreferences } from './preferences.ts'

interface PreferencesContextValue extends Preferences {
  set: (change: Partial<Preferences>) => void
}

const PreferencesContext = createContext<PreferencesContextValue>({ ...defaultPreferences, set: () => undefined })

/** Theme, language and keys; the pages below are rendered once the browser's choice is known. */
export const PreferencesProvider = ({ fallback, children }: { fallback: ReactNode; children: ReactNode }) => {
  const [preferences, setPreferences] = useState<Preferences | null>(null)

  // The exported page cannot know what this browser prefers.
  useEffect(() => setPreferences(readPreferences()), [])

  useEffect(() => {
    if (preferences === null) return
    paintPreferences(preferences)
    const media = matchMedia('(prefers-color-scheme: dark)')
    const repaint = () => paintPreferences(preferences)
    media.addEventListener('change', repaint)
    return () => media.removeEventListener('change', repaint)
  }, [preferences])

  const set = useCallback((change: Partial<Preferences>) => {
    setPreferences((current) => {
      const next = { ...(current ?? defaultPreferences), ...change }
      writePreferences(next)
      return next
    })
  }, [])

  const value = useMemo(() => ({ ...(preferences ?? defaultPreferences), set }), [preferences, set])
  if (preferences === null) return fallback
  return (
    <PreferencesContext value={value}>
      <IntlProvider
        locale={formattingLocale(preferences.language)}
        messages={messagesFor(preferences.language)}
        timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
      >
        {children}
      </IntlProvider>
    </PreferencesContext>
  )
}

/** English as this browser's owner writes dates and numbers: British, American, ... */
const formattingLocale = (language: Language): string => navigator.languages.find((locale) => locale.startsWith(language)) ?? language

export const usePreferences = (): PreferencesContextValue => use(PreferencesContext)
