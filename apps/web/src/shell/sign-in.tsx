'use client'
import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { BrandMark } from '../display/brand.tsx'
import { CopyButton } from '../display/copy-button.tsx'
import { Notice } from '../display/notice.tsx'
import { usePageTitle } from './page-title.ts'
import { LanguageSwitch, ThemeSwitch } from './preference-switches.tsx'
import { SignInForm } from './sign-in-form.tsx'

const linkCommand = 'tessera admin link'

export const SignIn = () => {
  const t = useTranslations('signIn')
  const params = useSearchParams()
  usePageTitle(t('title'))
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-8 p-4">
      <div className="flex w-full max-w-sm flex-col gap-6">
        <header className="flex flex-col items-center gap-3 text-center">
          <BrandMark size={44} />
          <div>
            <h1 className="text-xl font-semibold tracking-tight">{t('title')}</h1>
            <p className="text-muted">{t('subtitle')}</p>
          </div>
        </header>
        <div className="flex flex-col gap-4 rounded-xl border border-border bg-surface p-6">
          {params.get('link') === 'expired' ? (
            <Notice tone="caution" role="status">
              {t('linkFailed')}
            </Notice>
          ) : null}
          {params.get('out') === '1' ? (
            <Notice tone="good" role="status">
              {t('signedOut')}
            </Notice>
          ) : null}
          <SignInForm next={params.get('next')} />
        </div>
        <LinkHint />
      </div>
      <div className="flex flex-wrap justify-center gap-4">
        <ThemeSwitch />
        <LanguageSwitch />
      </div>
    </main>
  )
}

const LinkHint = () => {
  const t = useTranslations()
  return (
    <section className="flex flex-col gap-2 px-1 text-xs text-muted">
      <h2 className="font-medium text-foreground">{t('signIn.linkTitle')}</h2>
      <p>{t('signIn.linkText')}</p>
      <p className="flex items-center justify-between rounded-lg border border-border bg-surface ps-3 pe-1">
        <code className="text-xs text-foreground">{linkCommand}</code>
        <CopyButton text={linkCommand} label={t('common.copy')} />
      </p>
    </section>
  )
}
