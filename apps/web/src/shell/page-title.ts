'use client'
import { useEffect } from 'react'

export const usePageTitle = (...parts: (string | undefined)[]): void => {
  const title = [...parts.filter((part) => part !== undefined && part !== ''), 'Tessera'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
