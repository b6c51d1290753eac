import { type Problem, TesseraError } from '@tessera/protocol'

/** A package that is not what it says it is. `problems` names each entry where one sentence does not. */
export const damaged = (what: string, problems?: readonly Problem[], cause?: unknown): TesseraError =>
  new TesseraError('PACKAGE_DAMAGED', `The package is damaged: ${what}.`, {
    ...(problems === undefined ? {} : { problems }),
    ...(cause === undefined ? {} : { cause }),
  })

export const damagedEntry = (file: string, message: string): Problem => ({ file, line: 1, column: 1, severity: 'error', code: 'package-damaged', message })
