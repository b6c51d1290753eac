import { limits } from '@tessera/protocol'
import { z } from 'zod'
import { router, signedIn } from '../trpc.ts'

export const audit = router({
  /** Newest first. */
  list: signedIn
    .input(z.object({ limit: z.number().int().min(1).max(limits.listPage).default(100), before: z.number().int().nullish() }).prefault({}))
    .query(async ({ ctx, input }) => ({ entries: await ctx.engine.reads.audit({ limit: input.limit, before: input.before ?? null }) })),
})
