import { ConnectionRefused, TesseraError } from '@tessera/client'

/** The error that a promise must end with. @throws Error where it ended well, or with something that is none of ours. */
export const failureOf = async (promise: Promise<unknown>): Promise<TesseraError> => {
  const outcome: unknown = await promise.then(
    (value) => new Error(`It went well: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  )
  if (outcome instanceof TesseraError) return outcome
  throw outcome
}

/** The refusal that a connection must end with. */
export const refusalOf = async (promise: Promise<unknown>): Promise<ConnectionRefused> => {
  const failure = await failureOf(promise)
  if (failure instanceof ConnectionRefused) return failure
  throw failure
}
