import { asProcessId } from '@tessera/core'
import { z } from 'zod'
import { id, reason } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

const named = z.object({ processId: id.transform(asProcessId) })

/** What runs in the sessions, and where. */
export const processes = router({
  list: signedIn
    .input(z.object({ session: id.optional() }).prefault({}))
    .query(({ ctx, input }) => ({ processes: ctx.engine.reads.processes(input.session ?? null) })),
  isolates: signedIn.query(({ ctx }) => ({ isolates: ctx.engine.reads.isolates() })),
  /** The same in 4D's shape (4d.md PRC-40). `session`: null is answered where there is none of that id. */
  activity: signedIn
    .input(z.object({ session: id.optional(), options: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0) }).prefault({}))
    .query(({ ctx, input }) => ctx.engine.reads.activity({ session: input.session ?? null, options: input.options })),
  abort: signedIn.input(named.extend({ reason })).mutation(({ ctx, input }) => ctx.engine.dispatch('process.abort', input, ctx.operator)),
  pause: signedIn.input(named).mutation(({ ctx, input }) => ctx.engine.dispatch('process.pause', input, ctx.operator)),
  activate: signedIn.input(named).mutation(({ ctx, input }) => ctx.engine.dispatch('process.activate', input, ctx.operator)),
})
