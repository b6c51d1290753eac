'use client'
import { Monitor, Moon, Sun } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Segmented } from '../display/segmented.tsx'
import { languages, themes } from './preferences.ts'
import { usePreferences } from './preferences-provider.tsx'

const themeIcons = { light: Sun, dark: Moon, system: Monitor } as const

/** `compact`: icons whose words are for screen readers and tooltips, as the top bar wants them. */
export const ThemeSwitch = ({ compact = false }: { compact?: boolean }) => {
  const t = useTranslations('preferences')
  const { theme, set } = usePreferences()
  const options = themes.map((value) => {
    const Icon = themeIcons[value]
    return { value, label: t(value), icon: <Icon aria-hidden="true" className="size-3.5" /> }
  })
  return <Segmented label={t('theme')} iconsOnly={compact} options={options} value={theme} onChange={(value) => set({ theme: value })} />
}

export const LanguageSwitch = ({ compact = false }: { compact?: boolean }) => {
  const t = useTranslations('preferences')
  const { language, set } = usePreferences()
  const options = languages.map((value) => ({
    value,
    label: t(value),
    lang: value,
    icon: compact ? <span className="text-2xs uppercase">{value}</span> : null,
  }))
  return <Segmented label={t('language')} iconsOnly={compact} options={options} value={language} onChange={(value) => set({ language: value })} />
}
