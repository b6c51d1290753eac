import { limits } from '@tessera/protocol'
import { z } from 'zod'
import { id } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

/** The log of calls, newest first. */
export const calls = router({
  /** `after`: only those that ended after the one of that number, to read on. */
  list: signedIn
    .input(
      z
        .object({
          slow: z.boolean().default(false),
          session: id.nullish(),
          after: z.number().int().min(0).default(0),
          limit: z.number().int().min(1).max(limits.listPage).default(100),
        })
        .prefault({}),
    )
    .query(({ ctx, input }) => ({ calls: ctx.engine.reads.calls({ ...input, session: input.session ?? null }) })),
})
