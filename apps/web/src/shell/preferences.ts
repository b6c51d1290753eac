export type Theme = 'light' | 'dark' | 'system'
export type Language = 'en' | 'es'

export const themes: readonly Theme[] = ['light', 'dark', 'system']
export const languages: readonly Language[] = ['en', 'es']

export interface Preferences {
  theme: Theme
  language: Language
  /** Shortcuts of one letter; off for people who dictate or whose keyboard slips (WCAG 2.1.4). */
  singleKeys: boolean
}

export const preferenceKeys = { theme: 'tessera.theme', language: 'tessera.language', singleKeys: 'tessera.singleKeys' } as const

export const defaultPreferences: Preferences = { theme: 'system', language: 'en', singleKeys: true }

/**
 * Runs before the first paint, so that neither theme nor language flashes. Its text is part of every exported page and
 * stands by its hash in the content security policy.
 */
export const firstPaintScript = `(function(e,t,l){try{t=localStorage.getItem("${preferenceKeys.theme}");l=localStorage.getItem("${preferenceKeys.language}")}catch(_){}e.dataset.theme=t==="dark"||t!=="light"&&matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light";e.lang=(l||navigator.language).slice(0,2)==="es"?"es":"en"})(document.documentElement)`

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

const write = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing still shows the console; the choice lasts until it is closed.
  }
}

export const readPreferences = (): Preferences => {
  const theme = read(preferenceKeys.theme)
  const language = read(preferenceKeys.language) ?? navigator.language
  return {
    theme: themes.find((one) => one === theme) ?? 'system',
    language: language.startsWith('es') ? 'es' : 'en',
    singleKeys: read(preferenceKeys.singleKeys) !== 'off',
  }
}

export const writePreferences = (preferences: Preferences): void => {
  write(preferenceKeys.theme, preferences.theme)
  write(preferenceKeys.language, preferences.language)
  write(preferenceKeys.singleKeys, preferences.singleKeys ? 'on' : 'off')
}

/** What the page shows is decided on the root element, where the first-paint script put it. */
export const paintPreferences = ({ theme, language }: Preferences): void => {
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
  document.documentElement.lang = language
}
