import { type ErrorCode, isErrorCode, type Problem } from '@tessera/protocol'

/** What went wrong, ready to be shown: the code of the closed set and a sentence. */
export interface Failure {
  code: ErrorCode
  message: string
  problems: readonly Problem[]
  retryAfterMs: number | null
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const isProblem = (value: unknown): value is Problem =>
  isRecord(value) && typeof value['file'] === 'string' && typeof value['line'] === 'number' && typeof value['message'] === 'string'

/** Where an error body may stand: in tRPC's `data.tessera`, in socket.io's `data`. */
const bodyOf = (error: unknown): Record<string, unknown> | null => {
  const data = isRecord(error) ? error['data'] : undefined
  if (!isRecord(data)) return null
  const nested = data['tessera']
  return isRecord(nested) ? nested : data
}

/** Reads whatever a request threw; what carries no code never reached the server. */
export const parseFailure = (error: unknown): Failure => {
  const body = bodyOf(error)
  const message = error instanceof Error ? error.message : String(error)
  if (body === null) return { code: 'SERVER_UNREACHABLE', message, problems: [], retryAfterMs: null }
  const { code, problems, retryAfterMs } = body
  return {
    code: isErrorCode(code) ? code : 'INTERNAL',
    message: typeof body['message'] === 'string' ? body['message'] : message,
    problems: Array.isArray(problems) ? problems.filter(isProblem) : [],
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null,
  }
}

/** The code that an error carries, in its data or as its whole message; null for any other. */
export const codeOfError = (error: Error): ErrorCode | null => {
  const code = bodyOf(error)?.['code']
  if (isErrorCode(code)) return code
  return isErrorCode(error.message) ? error.message : null
}
