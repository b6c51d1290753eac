import { decodeStorable, encodeStorable, type Reply, type StorableText, TesseraError } from '@tessera/protocol'
import type { Half } from '@tessera/runtime'
import { projectFailure } from './project-failure.ts'

/** Runs a method of the client half that the server sent here; those that stand for server methods are none of it. Never throws. */
export const runOrder = async (half: Half, method: string, args: StorableText): Promise<Reply<StorableText>> => {
  try {
    const found = half.methods.get(method)
    if (found === undefined || found.callsServer || found.onServer !== null)
      throw new TesseraError('METHOD_NOT_FOUND', `The client half has no method "${method.slice(0, 100)}" that runs on clients.`)
    return { ok: true, value: encodeResult(method, await found.fn(...argumentsOf(args))) }
  } catch (error) {
    return { ok: false, error: projectFailure(half, error) }
  }
}

const encodeResult = (method: string, value: unknown): StorableText => {
  try {
    return encodeStorable(value)
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause)
    throw new TesseraError('RESULT_NOT_STORABLE', `The result of "${method}" cannot be sent. ${what}`, { cause })
  }
}

const argumentsOf = (text: StorableText): readonly unknown[] => {
  const args = decodeStorable(text)
  return Array.isArray(args) ? args : [args]
}
