'use client'
import { ArrowRightLeft, Boxes, Cpu, Gauge, MonitorSmartphone, Workflow } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { attentionOf } from '../attention/attention.ts'
import { Brand, BrandMark } from '../display/brand.tsx'
import { useServer } from './server-provider.tsx'

const pages = [
  { name: 'overview', narrow: 'overview', href: '/overview/', Icon: Gauge },
  { name: 'sessions', narrow: 'sessions', href: '/sessions/', Icon: MonitorSmartphone },
  { name: 'processes', narrow: 'processes', href: '/processes/', Icon: Cpu },
  { name: 'calls', narrow: 'calls', href: '/calls/', Icon: ArrowRightLeft },
  { name: 'procedures', narrow: 'proceduresShort', href: '/procedures/', Icon: Workflow },
  { name: 'versions', narrow: 'versions', href: '/versions/', Icon: Boxes },
] as const

/** Wide: a rail on the left. Narrow: a bar at the bottom, where the thumb is. */
export const Rail = () => {
  const t = useTranslations('nav')
  const pathname = usePathname()
  const server = useServer()
  // Somebody on another page should know that there is something to look at.
  const pressing = server === undefined ? [] : attentionOf(server, Date.now()).filter(({ tone }) => tone !== 'info')
  const worst = pressing[0]
  return (
    <nav aria-label={t('label')} className="flex shrink-0 flex-col border-border bg-rail max-md:border-t md:w-14 md:border-e xl:w-52">
      <div className="hidden h-12 shrink-0 items-center border-b border-border px-4 md:flex">
        <span className="hidden xl:inline">
          <Brand />
        </span>
        <span className="xl:hidden">
          <BrandMark />
        </span>
      </div>
      <ul className="flex max-md:justify-around md:flex-col md:gap-1 md:p-2">
        {pages.map(({ name, narrow, href, Icon }) => (
          <li key={name} className="min-w-0 max-md:flex-1">
            <Link
              href={href}
              title={t(name)}
              aria-current={pathname.startsWith(href.slice(0, -1)) ? 'page' : undefined}
              className="rail-link flex items-center gap-2 rounded-md max-md:flex-col max-md:gap-0.5 max-md:px-0 max-md:py-1.5 max-md:text-2xs md:h-9 md:px-3 md:max-xl:justify-center md:max-xl:px-0"
            >
              <span className="relative">
                <Icon aria-hidden="true" className="size-4 shrink-0" />
                {name === 'overview' && worst !== undefined ? (
                  <span
                    aria-hidden="true"
                    className={`absolute -end-1 -top-1 size-2 rounded-full ring-2 ring-rail ${worst.tone === 'bad' ? 'bg-bad' : 'bg-caution'}`}
                  />
                ) : null}
              </span>
              <span className="max-w-full truncate md:hidden">{t(narrow)}</span>
              <span className="hidden max-w-full truncate md:inline md:max-xl:sr-only">{t(name)}</span>
              {name === 'overview' && worst !== undefined ? <span className="sr-only">{t('attention', { count: pressing.length })}</span> : null}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
