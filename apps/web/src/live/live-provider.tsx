'use client'
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react'
import type { ConnectionStatus } from './connection-status.ts'
import { LiveSocket } from './socket.ts'

const LiveContext = createContext<LiveSocket | null>(null)

/** Holds the console's one live socket while somebody is signed in. */
export const LiveProvider = ({ onSignedOut, children }: { onSignedOut: () => void; children: ReactNode }) => {
  const cache = useQueryClient()
  const [socket] = useState(() => new LiveSocket({ cache, onSignedOut }))
  useEffect(() => {
    socket.connect()
    return () => socket.close()
  }, [socket])
  return <LiveContext value={socket}>{children}</LiveContext>
}

export const useLiveSocket = (): LiveSocket => {
  const socket = use(LiveContext)
  if (socket === null) throw new Error('A live view was used outside the console shell.')
  return socket
}

const connecting: ConnectionStatus = { name: 'connecting' }

export const useConnectionStatus = (): ConnectionStatus => {
  const { status } = useLiveSocket()
  return useSyncExternalStore(status.subscribe, status.current, () => connecting)
}
