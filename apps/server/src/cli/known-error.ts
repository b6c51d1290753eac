import { isErrorCode, type Problem, TesseraError } from '@tessera/protocol'

/** Whatever a verb threw, as one of the closed set of errors. */
export const knownError = (error: unknown): TesseraError => {
  if (error instanceof TesseraError) return error
  const told = toldByServer(error)
  if (told !== null) return told
  const message = error instanceof Error ? error.message : String(error)
  if (/fetch failed|ECONNREFUSED|ECONNRESET|ENOTFOUND/.test(`${message} ${causeOf(error)}`)) {
    return new TesseraError('SERVER_UNREACHABLE', 'The server does not answer: it is not running there, or the address is wrong.', { cause: error })
  }
  return new TesseraError('INTERNAL', message, { cause: error })
}

/** tRPC puts the server's own code and sentence at `data.tessera`. */
const toldByServer = (error: unknown): TesseraError | null => {
  const data: unknown = typeof error === 'object' && error !== null && 'data' in error ? error.data : undefined
  const tessera: unknown = typeof data === 'object' && data !== null && 'tessera' in data ? data.tessera : undefined
  if (typeof tessera !== 'object' || tessera === null) return null
  const { code, message, problems } = tessera as { code?: unknown; message?: unknown; problems?: readonly Problem[] }
  if (!isErrorCode(code) || typeof message !== 'string') return null
  return new TesseraError(code, message, problems === undefined ? {} : { problems })
}

const causeOf = (error: unknown): string => (error instanceof Error && error.cause instanceof Error ? `${error.cause.message} ${causeOf(error.cause)}` : '')
