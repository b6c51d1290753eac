'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { BrandMark } from '../src/display/brand.tsx'

const NotFound = () => {
  const t = useTranslations('app')
  return (
    <main className="splash p-4">
      <div className="flex flex-col items-center gap-4">
        <BrandMark size={40} />
        <h1 className="text-xl font-semibold">{t('notFound')}</h1>
        <Link href="/sessions/" className="text-accent underline">
          {t('toSessions')}
        </Link>
      </div>
    </main>
  )
}

export default NotFound
