import type { Targets } from '@tessera/core'
import { limits, sessionQuery, TesseraError } from '@tessera/protocol'
import { z } from 'zod'

const mostTargets = 10_000

/** Which sessions a bulk act means: `ids`, or everything that matches a query. */
export const targets = {
  ids: z.array(z.string().max(100)).min(1).max(mostTargets).optional(),
  match: sessionQuery.optional(),
  dryRun: z.boolean().default(false),
}

/** @throws TesseraError `BAD_REQUEST` unless exactly one of the two is given. */
export const targetsOf = ({ ids, match }: { ids?: string[] | undefined; match?: z.infer<typeof sessionQuery> | undefined }): Targets => {
  if (ids !== undefined && match === undefined) return { ids }
  if (match !== undefined && ids === undefined) return { match }
  throw new TesseraError('BAD_REQUEST', 'Say which sessions are meant: either `ids` or `match`.')
}

export const reason = z.string().max(1000).default('')
export const graceSeconds = z.number().min(0).max(86_400).default(0)
export const id = z.string().min(1).max(100)
export const name = z.string().min(1).max(200)
export const page = { cursor: z.string().max(100).nullish(), limit: z.number().int().min(1).max(limits.listPage).default(100) }
export const storableText = z.string().max(limits.payloadBytes)
