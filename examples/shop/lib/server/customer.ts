import { type Storable, z } from '@tessera/kit'
import { neededSession } from './needed-session.ts'

const customer = z.object({ email: z.string(), since: z.date() })
export type Customer = z.infer<typeof customer>

export class NotSignedIn extends Error {}
export class NotAllowed extends Error {}

/** Who signed in with a code that reached their mailbox. @throws NotSignedIn */
export const neededCustomer = (): Customer => {
  const found = customerIn(neededSession().storage.get('customer'))
  if (found === null) throw new NotSignedIn('Sign in first.')
  return found
}

export const customerIn = (slot: Storable | undefined): Customer | null => customer.safeParse(slot).data ?? null

/** Privileges bind web requests by themselves; desktop code checks what it cares about (4d.md PRV-13). @throws NotAllowed */
export const needPrivilege = (name: string): void => {
  if (!neededSession().hasPrivilege(name)) throw new NotAllowed(`This needs the privilege "${name}".`)
}
