import { sessionQuery, sessionSort } from '@tessera/protocol'
import { z } from 'zod'
import { graceSeconds, id, page, reason, targets, targetsOf } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

/** What the contract calls `sessions.*`: look, and act on one, several or all that match. */
export const sessions = router({
  list: signedIn
    .input(z.object({ query: sessionQuery.prefault({}), sort: sessionSort.prefault({}), ...page }))
    .query(({ ctx, input }) => ctx.engine.reads.sessions({ query: input.query, sort: input.sort, limit: input.limit, cursor: input.cursor ?? null })),
  get: signedIn.input(z.object({ id })).query(({ ctx, input }) => ctx.engine.reads.session(input.id)),
  disconnect: signedIn
    .input(z.object({ ...targets, reason }))
    .mutation(({ ctx, input }) =>
      ctx.engine.dispatch('session.disconnect', { targets: targetsOf(input), reason: input.reason, dryRun: input.dryRun }, ctx.operator),
    ),
  end: signedIn
    .input(z.object({ ...targets, reason, graceSeconds }))
    .mutation(({ ctx, input: { reason, graceSeconds, dryRun, ...meant } }) =>
      ctx.engine.dispatch('session.end', { targets: targetsOf(meant), reason, graceSeconds, dryRun }, ctx.operator),
    ),
  reload: signedIn
    .input(z.object({ ...targets, version: z.string().max(100).nullish(), reason, graceSeconds }))
    .mutation(({ ctx, input: { version, reason, graceSeconds, dryRun, ...meant } }) =>
      ctx.engine.dispatch('session.reload', { targets: targetsOf(meant), version: version ?? null, reason, graceSeconds, dryRun }, ctx.operator),
    ),
  message: signedIn
    .input(z.object({ ...targets, text: z.string().min(1).max(10_000) }))
    .mutation(({ ctx, input }) => ctx.engine.dispatch('session.message', { targets: targetsOf(input), text: input.text, dryRun: input.dryRun }, ctx.operator)),
  /** Who has received a message, by the `receipt` that sending it answered. */
  receipt: signedIn.input(z.object({ id })).query(({ ctx, input }) => ctx.engine.reads.receipt(input.id)),
})
