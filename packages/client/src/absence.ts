import type { Unsubscribe } from '@tessera/kit'
import type { Comeback } from './comeback.ts'
import type { Leave } from './transport.ts'

/** Why there is no connection. */
export interface Absence {
  kind: 'lost' | Leave
  /** Until when the server keeps the session. */
  until: number
  /** Whether the owner knows that the connection is being opened again. */
  told: boolean
  /** While the server hears that this client leaves. */
  leaving: Promise<void> | null
  comeback: Comeback | null
  /** Lets go of what keeps the program alive meanwhile. */
  release: Unsubscribe
}
