import { type ErrorBody, TesseraError, toErrorBody } from '@tessera/protocol'
import type { Half } from '@tessera/runtime'

/** What is told of an error of project code: its own words, and where in the project it arose. */
export const projectFailure = (half: Half | null, error: unknown): ErrorBody => {
  if (error instanceof TesseraError) return toErrorBody(error)
  if (!(error instanceof Error)) return { code: 'METHOD_ERROR', className: typeof error, message: String(error), stack: '' }
  const frames = half?.places.frames(error.stack ?? '') ?? []
  return { code: 'METHOD_ERROR', className: error.name, message: error.message, stack: [`${error.name}: ${error.message}`, ...frames].join('\n') }
}
