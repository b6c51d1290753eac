import { MethodError, TesseraError } from '@tessera/kit'

/** What a person is told: the project's own words for its own errors, the code beside the rest. */
export const tellFailure = (error: unknown): string => {
  if (error instanceof MethodError) return error.message
  if (error instanceof TesseraError) return `${error.message} (${error.code})`
  return String(error)
}

/** After these nothing works any more: the client is on its way out. */
export const isOver = (error: unknown): boolean => error instanceof TesseraError && (error.code === 'SESSION_ENDED' || error.code === 'CONNECTION_LOST')
