import { errorCodes, type Problem, TesseraError, toErrorBody } from '@tessera/protocol'
import { initTRPC, TRPCError } from '@trpc/server'
import superjson from 'superjson'
import type { Context, Operator } from './context.ts'

/** What stands at `error.data.tessera` of every failed answer. */
export interface TesseraErrorData {
  code: string
  message: string
  retryAfterMs?: number
  problems?: readonly Problem[]
}

const trpc = initTRPC.context<Context>().create({
  transformer: superjson,
  errorFormatter: ({ shape, error }) => {
    const tessera = dataOf(error)
    return { ...shape, message: tessera.message, data: { code: shape.data.code, httpStatus: statusOf(tessera.code), path: shape.data.path, tessera } }
  },
})

const dataOf = (error: TRPCError): TesseraErrorData => {
  if (error.cause instanceof TesseraError) {
    const { code, message, retryAfterMs, problems } = toErrorBody(error.cause)
    return { code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), ...(problems === undefined ? {} : { problems }) }
  }
  if (error.code === 'BAD_REQUEST' || error.code === 'PARSE_ERROR') return { code: 'BAD_REQUEST', message: badRequest(error) }
  if (error.code === 'NOT_FOUND') return { code: 'NOT_FOUND', message: error.message }
  if (error.code === 'METHOD_NOT_SUPPORTED' || error.code === 'UNSUPPORTED_MEDIA_TYPE') return { code: 'BAD_REQUEST', message: error.message }
  return { ...toErrorBody(error.cause), code: 'INTERNAL' }
}

/** The first thing wrong with the input, by path. */
const badRequest = (error: TRPCError): string => {
  const cause: unknown = error.cause
  const issues =
    typeof cause === 'object' && cause !== null && 'issues' in cause && Array.isArray(cause.issues)
      ? (cause.issues as { path: PropertyKey[]; message: string }[])
      : []
  const first = issues[0]
  return first === undefined ? 'The request could not be read.' : `${first.path.join('.') || 'input'}: ${first.message}`
}

const statusOf = (code: string): number => (Object.hasOwn(errorCodes, code) ? errorCodes[code as keyof typeof errorCodes].status : 500)

/** Every TesseraError travels as the cause of a tRPC error, so that the formatter finds it. */
const typedErrors = trpc.middleware(async ({ next }) => {
  const result = await next()
  if (result.ok || !(result.error.cause instanceof TesseraError)) return result
  throw new TRPCError({ code: trpcCodeOf(result.error.cause), message: result.error.cause.message, cause: result.error.cause })
})

const byStatus: Readonly<Record<number, TRPCError['code']>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
}
const trpcCodeOf = (error: TesseraError): TRPCError['code'] => byStatus[errorCodes[error.code].status] ?? 'INTERNAL_SERVER_ERROR'

export const router = trpc.router
/** For those who are nobody yet. */
export const open = trpc.procedure.use(typedErrors)
/** For whoever is signed in; what each role may do is the engine's to say. */
export const signedIn = open.use(({ ctx, next }) => {
  const { operator } = ctx
  if (operator === null) throw new TesseraError('SIGN_IN_REQUIRED', 'Sign in first.')
  return next({ ctx: { ...ctx, operator } satisfies Context & { operator: Operator } })
})
