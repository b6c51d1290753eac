'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTRPC } from '../api/trpc.ts'

export const useSignOut = () => {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const router = useRouter()
  const mutation = useMutation(
    trpc.auth.signOut.mutationOptions({
      onSuccess: () => {
        router.replace('/sign-in/?out=1')
        cache.clear()
      },
    }),
  )
  return { signOut: () => mutation.mutate(), pending: mutation.isPending }
}
