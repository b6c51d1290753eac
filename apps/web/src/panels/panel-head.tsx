'use client'
import { Button } from '@heroui/react/button'
import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { CopyButton } from '../display/copy-button.tsx'

interface PanelHeadProps {
  title: string
  /** What the panel is about, to be copied; `label` where the id alone would not say what it is of. */
  id: { label?: string; text: string } | null
  onClose: () => void
  /** What is said at once, and what may be done. */
  children?: ReactNode
}

/** The top of a panel: whoever opened it by keyboard goes on reading here; Escape leads back to the list. */
export const PanelHead = ({ title, id, onClose, children }: PanelHeadProps) => {
  const t = useTranslations()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <header className="flex flex-col gap-3 px-4 pt-3 pb-3">
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <h2 ref={heading} tabIndex={-1} className="truncate text-base font-semibold outline-none">
            {title}
          </h2>
          {id === null ? null : (
            <p className="flex items-center gap-1 text-xs text-muted">
              {id.label === undefined ? null : <span className="shrink-0">{id.label}</span>}
              <code className="truncate">{id.text}</code>
              <CopyButton text={id.text} label={t('common.copyId')} />
            </p>
          )}
        </div>
        <Button size="sm" variant="ghost" isIconOnly aria-label={t('panel.close')} onPress={onClose}>
          <X aria-hidden="true" />
        </Button>
      </div>
      {children}
    </header>
  )
}

/** The line under the title: states, kinds, marks. */
export const PanelMarks = ({ children }: { children: ReactNode }) => <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">{children}</p>
