'use client'
import { Button } from '@heroui/react/button'
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'

/** Copies a text and says so for a moment. Without `children` it is an icon whose label says what is copied. */
export const CopyButton = ({ text, label, children }: { text: string; label: string; children?: string }) => {
  const t = useTranslations('common')
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1_600)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true))
  const Icon = copied ? Check : Copy
  return (
    <Button size="sm" variant="ghost" className="quiet-button" isIconOnly={children === undefined} aria-label={copied ? t('copied') : label} onPress={copy}>
      <Icon aria-hidden="true" />
      {children === undefined ? null : <span>{copied ? t('copied') : children}</span>}
    </Button>
  )
}
