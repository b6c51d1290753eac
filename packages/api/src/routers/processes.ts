import { z } from 'zod'
import { id } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

export const processes = router({
  list: signedIn
    .input(z.object({ session: id.optional() }).prefault({}))
    .query(({ ctx, input }) => ({ processes: ctx.engine.reads.processes(input.session ?? null) })),
})
