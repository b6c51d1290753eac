import type { ServerMethodOptions } from '@tessera/kit'
import { decodeStorable, type Problem, type StorableText, TesseraError } from '@tessera/protocol/values'

type Schema = NonNullable<ServerMethodOptions['input']>

/** The arguments of a call. @throws TesseraError `ARGUMENTS_INVALID` for a text that holds no list. */
export const parseArguments = (text: StorableText): readonly unknown[] => {
  const args = readText(text)
  if (!Array.isArray(args)) throw new TesseraError('ARGUMENTS_INVALID', 'The arguments of a call are a list.')
  return args
}

const readText = (text: StorableText): unknown => {
  try {
    return decodeStorable(text)
  } catch (cause) {
    throw new TesseraError('ARGUMENTS_INVALID', cause instanceof Error ? cause.message : 'The arguments are not storable.', { cause })
  }
}

/**
 * Checks arguments with the method's own schema, and gives what the schema makes of them (rule X7).
 * @throws TesseraError `ARGUMENTS_INVALID` with a problem for every path that is wrong.
 */
export const checkArguments = (schema: Schema, args: readonly unknown[]): readonly unknown[] => {
  const whole = isTuple(schema)
  const checked = schema.safeParse(whole ? args : args[0])
  if (checked.success) return whole && Array.isArray(checked.data) ? checked.data : [checked.data, ...args.slice(1)]
  const problems = checked.error.issues.map(({ path, message }) => argumentProblem(whole ? path : [0, ...path], message))
  throw new TesseraError('ARGUMENTS_INVALID', `The arguments do not fit: ${problems.map(({ message }) => message).join('; ')}`, { problems })
}

/** Packages carry a zod of their own, so its kind is read from the definition and not by `instanceof`. */
const isTuple = (schema: Schema): boolean => {
  const { type, in: input } = schema.def as { type: string; in?: Schema }
  return type === 'tuple' || (type === 'pipe' && input !== undefined && isTuple(input))
}

const argumentProblem = (path: readonly PropertyKey[], message: string): Problem => ({
  file: '',
  line: 1,
  column: 1,
  severity: 'error',
  code: 'argument-invalid',
  message: `${formatPath(path)}: ${message}`,
})

const formatPath = (path: readonly PropertyKey[]): string => path.reduce<string>((text, step) => `${text}${formatStep(step)}`, 'arguments')

const formatStep = (step: PropertyKey): string => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)
