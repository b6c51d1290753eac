import { TesseraError } from '@tessera/protocol'
import type { SecretHasher } from '../ports/secret-hasher.ts'

/** Shortest password of a user, and of one who may administer without a second factor (6-security.md E1). */
const shortestPassword = 8
export const shortestOperatorPassword = 15
const longestPassword = 1000
/** A shorter name stands in too many passwords by chance. */
const shortestTellingName = 4

interface NewPassword {
  name: string
  password: string
  /** Whether its owner administers. */
  operates: boolean
}

/** @throws TesseraError `PASSWORD_TOO_WEAK`, `BAD_REQUEST`. */
export const hashPassword = async (hasher: SecretHasher, { name, password, operates }: NewPassword): Promise<string> => {
  const shortest = operates ? shortestOperatorPassword : shortestPassword
  if (password.length < shortest) throw new TesseraError('PASSWORD_TOO_WEAK', `The password needs at least ${shortest} characters.`)
  if (password.length > longestPassword) throw new TesseraError('BAD_REQUEST', `A password has at most ${longestPassword} characters.`)
  if (name.length >= shortestTellingName && password.toLowerCase().includes(name.toLowerCase()))
    throw new TesseraError('PASSWORD_TOO_WEAK', 'The password must not hold the user name.')
  return hasher.hashPassword(password)
}
