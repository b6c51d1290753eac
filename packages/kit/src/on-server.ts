import { checkDeadline } from '@tessera/protocol/values'
import type { ZodType } from 'zod'

export interface ServerMethodOptions {
  /** Checks the arguments before the method runs: a tuple checks all of them, any other schema the first. */
  input?: ZodType
  /** Callable from REST and web pages too (4d.md DMF-05). Clients may call it either way. */
  exposed?: boolean
  /** Directory groups whose users may call it from a desktop session. */
  groups?: readonly string[]
  /** The longest that a call of it may take, from when the server has it: 1 ms to 24 hours. No caller lengthens it. */
  deadlineMs?: number
}

const mark = Symbol.for('tessera.kit.serverMethod.1')

// biome-ignore lint/suspicious/noExplicitAny: a method's parameters are whatever its author declares.
type Method = (...args: any[]) => unknown

/** What a method looks like to its callers: the same parameters, and always a promise. */
export type ServerMethod<Fn extends Method> = (...args: Parameters<Fn>) => Promise<Awaited<ReturnType<Fn>>>

/**
 * Marks a method as *execute on server*: it runs in the caller's twin on the server; on a client the import is a typed
 * call (4d.md PRC-04, PRC-07). Called from other server code it runs where it is.
 * @throws TesseraError `DEADLINE_INVALID`.
 */
export const onServer = <Fn extends Method>(fn: Fn, options: ServerMethodOptions = {}): ServerMethod<Fn> => {
  if (options.deadlineMs !== undefined) checkDeadline(options.deadlineMs)
  const method = async (...args: Parameters<Fn>): Promise<Awaited<ReturnType<Fn>>> => (await fn(...args)) as Awaited<ReturnType<Fn>>
  return Object.assign(method, { [mark]: { fn, options } })
}

/** The function and options behind a value made by `onServer`; undefined for anything else. */
export const serverMethodOf = (value: unknown): { fn: Method; options: ServerMethodOptions } | undefined =>
  typeof value === 'function' && mark in value ? (value as { [mark]?: { fn: Method; options: ServerMethodOptions } })[mark] : undefined
