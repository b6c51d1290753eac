import { TesseraError } from '@tessera/protocol'

const shortestSeconds = 10
const longestSeconds = 600
const mostAskedSeconds = 86_400

/**
 * How many seconds a one-time token lives: what was asked for, from 10 to 600; null takes the usual (4d.md OTP-04..06).
 * @throws TesseraError `OTP_LIFESPAN_INVALID` for anything but a whole number from 1 to 86400.
 */
export const readLifespan = (asked: unknown, usualSeconds: number): number => {
  if (asked === null) return usualSeconds
  if (typeof asked === 'number' && Number.isInteger(asked) && asked >= 1 && asked <= mostAskedSeconds) {
    return Math.min(Math.max(asked, shortestSeconds), longestSeconds)
  }
  throw new TesseraError('OTP_LIFESPAN_INVALID', `The lifespan of a one-time token is a whole number of seconds from 1 to ${mostAskedSeconds}.`)
}
