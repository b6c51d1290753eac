import { type Session, session } from '@tessera/kit'

/** The session that this call runs in: server methods always have one. */
export const neededSession = (): Session => {
  const mine = session()
  if (mine === null) throw new Error('This runs in a session only.')
  return mine
}
