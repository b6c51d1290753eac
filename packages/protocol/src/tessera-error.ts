import { type ErrorCode, errorCodes, isErrorCode } from './error-codes.ts'
import type { Problem } from './problem.ts'

export interface TesseraErrorOptions {
  cause?: unknown
  retryable?: boolean
  /** Milliseconds after which trying again makes sense. */
  retryAfterMs?: number
  /** What is wrong, place by place, where one sentence does not say it all. */
  problems?: readonly Problem[]
}

/**
 * A package carries the kit it was compiled with, so two copies of these classes may meet in one process: `instanceof`
 * looks at this mark, not at the copy.
 */
const kinds = Symbol.for('tessera.error.kinds.1')
const isKind = (value: unknown, kind: string): boolean =>
  typeof value === 'object' && value !== null && kinds in value && Array.isArray(value[kinds]) && value[kinds].includes(kind)

/** The one error that crosses Tessera's boundaries: a code of the closed set and a sentence for people. */
export class TesseraError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly retryAfterMs?: number
  readonly problems?: readonly Problem[]

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isKind(value, 'TesseraError')
  }

  constructor(code: ErrorCode, message: string, options: TesseraErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'TesseraError'
    Object.defineProperty(this, kinds, { value: ['TesseraError'], configurable: true })
    this.code = code
    this.retryable = options.retryable ?? errorCodes[code].retryable
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs
    if (options.problems !== undefined) this.problems = options.problems
  }
}

/** An error that project code threw: its class name, its message and its stack with project-relative places. */
export class MethodError extends TesseraError {
  readonly className: string

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isKind(value, 'MethodError')
  }

  constructor(className: string, message: string, projectStack: string) {
    super('METHOD_ERROR', message)
    this.name = 'MethodError'
    Object.defineProperty(this, kinds, { value: ['TesseraError', 'MethodError'] })
    this.className = className
    this.stack = projectStack
  }
}

/** What belongs to one kind of refusal. */
interface RefusalDetails {
  /** What `onServerOpenConnection` returned, with `OPEN_CONNECTION_REFUSED` only (4d.md DBM-14, DBM-19). */
  returned?: { code: number; text?: string }
  /** How many are in use of how many, with `LICENCES_EXHAUSTED` only (4d.md LICN-07). */
  licences?: { current: number; maximum: number }
}

/** The server's typed answer to a client that it does not let in. */
export class ConnectionRefused extends TesseraError implements RefusalDetails {
  readonly returned?: { code: number; text?: string }
  readonly licences?: { current: number; maximum: number }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isKind(value, 'ConnectionRefused')
  }

  constructor(code: ErrorCode, message: string, options: TesseraErrorOptions & RefusalDetails = {}) {
    super(code, message, options)
    this.name = 'ConnectionRefused'
    Object.defineProperty(this, kinds, { value: ['TesseraError', 'ConnectionRefused'] })
    if (options.returned !== undefined) this.returned = options.returned
    if (options.licences !== undefined) this.licences = options.licences
  }
}

/** An error as it travels: on sockets, in HTTP bodies, on the isolate channel. */
export interface ErrorBody extends RefusalDetails {
  code: ErrorCode
  message: string
  retryable?: boolean
  retryAfterMs?: number
  problems?: readonly Problem[]
  /** With `METHOD_ERROR`: the class of the error and its project-relative stack. */
  className?: string
  stack?: string
}

/** Turns whatever was thrown into what may leave this process; the unexpected becomes `INTERNAL` and keeps its detail here. */
export const toErrorBody = (error: unknown): ErrorBody => {
  if (!(error instanceof TesseraError)) return { code: 'INTERNAL', message: 'The server met an unexpected error; its log has the detail.' }
  const body: ErrorBody = { code: error.code, message: error.message }
  if (error.retryable !== errorCodes[error.code].retryable) body.retryable = error.retryable
  if (error.retryAfterMs !== undefined) body.retryAfterMs = error.retryAfterMs
  if (error.problems !== undefined) body.problems = error.problems
  if (error instanceof MethodError) {
    body.className = error.className
    if (error.stack !== undefined) body.stack = error.stack
  }
  if (error instanceof ConnectionRefused) Object.assign(body, refusalDetailsOf(error))
  return body
}

/** The error that a body describes; a code this side does not know becomes `INTERNAL` with the sentence kept. */
export const fromErrorBody = (body: ErrorBody): TesseraError => {
  if (body.code === 'METHOD_ERROR') return new MethodError(body.className ?? 'Error', body.message, body.stack ?? '')
  const code = isErrorCode(body.code) ? body.code : 'INTERNAL'
  return new TesseraError(code, body.message, optionsOf(body))
}

/** The refusal that a body describes. */
export const refusalFromBody = (body: ErrorBody): ConnectionRefused => {
  const code = isErrorCode(body.code) ? body.code : 'INTERNAL'
  return new ConnectionRefused(code, body.message, { ...optionsOf(body), ...refusalDetailsOf(body) })
}

const refusalDetailsOf = ({ returned, licences }: RefusalDetails): RefusalDetails => ({
  ...(returned === undefined ? {} : { returned }),
  ...(licences === undefined ? {} : { licences }),
})

const optionsOf = (body: ErrorBody): TesseraErrorOptions => ({
  ...(body.retryable === undefined ? {} : { retryable: body.retryable }),
  ...(body.retryAfterMs === undefined ? {} : { retryAfterMs: body.retryAfterMs }),
  ...(body.problems === undefined ? {} : { problems: body.problems }),
})
