'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { useTRPC } from '../src/api/trpc.ts'
import { takeLinkToken } from '../src/shell/link-token.ts'
import { Splash } from '../src/shell/splash.tsx'

/** `/console/`: exchanges a one-time link for a sign-in, then goes on to the sessions. */
const FrontDoor = () => {
  const router = useRouter()
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { mutate } = useMutation(
    trpc.auth.exchange.mutationOptions({
      onSuccess: (operator) => {
        cache.setQueryData(trpc.auth.me.queryKey(), operator)
        router.replace('/sessions/')
      },
      onError: () => router.replace('/sign-in/?link=expired'),
    }),
  )
  const entered = useRef(false)
  useEffect(() => {
    if (entered.current) return
    entered.current = true
    const token = takeLinkToken()
    if (token === null) router.replace('/sessions/')
    else mutate({ token })
  }, [router, mutate])
  return <Splash />
}

export default FrontDoor
