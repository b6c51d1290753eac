import { type ErrorBody, isErrorCode, TesseraError, toErrorBody } from '@tessera/protocol/values'
import type { ProjectPlaces } from '../project-places.ts'

const maxMessageCharacters = 10_000

/**
 * What leaves the isolate for an error: one of Tessera's own keeps its code, anything else becomes `METHOD_ERROR` with
 * its class, message and project-relative stack (rule X2). Project code may throw anything, so nothing of it is trusted.
 */
export const failureOf = (error: unknown, places: ProjectPlaces): ErrorBody => {
  try {
    if (error instanceof TesseraError && isErrorCode(error.code)) return toErrorBody(error)
    return methodFailure(error, places)
  } catch {
    return methodErrorBody('Error', 'Something was thrown that cannot be read.', [])
  }
}

const methodFailure = (error: unknown, places: ProjectPlaces): ErrorBody => {
  if (!(error instanceof Error)) return methodErrorBody(typeof error, describeThrown(error), [])
  const className = textOr(error.constructor?.name, textOr(error.name, 'Error'))
  return methodErrorBody(className, textOr(error.message, ''), places.frames(textOr(error.stack, '')))
}

const describeThrown = (value: unknown): string => (typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? 'object') : String(value))

const methodErrorBody = (className: string, message: string, frames: readonly string[]): ErrorBody => {
  const cut = message.slice(0, maxMessageCharacters)
  return { code: 'METHOD_ERROR', message: cut, className, stack: [`${className}: ${cut}`, ...frames].join('\n') }
}

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise)
