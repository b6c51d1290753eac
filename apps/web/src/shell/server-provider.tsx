'use client'
import type { ServerRow } from '@tessera/protocol'
import { createContext, type ReactNode, use } from 'react'
import { useView } from '../live/use-view.ts'

const ServerContext = createContext<ServerRow | undefined>(undefined)

/** Watches the server once, for the shell and for whatever page asks. */
export const ServerProvider = ({ children }: { children: ReactNode }) => {
  const { value } = useView('server', { kind: 'server' })
  return <ServerContext value={value?.server}>{children}</ServerContext>
}

/** The server as it is now; undefined until it was heard of. */
export const useServer = (): ServerRow | undefined => use(ServerContext)
