import { roles } from '@tessera/protocol'
import { z } from 'zod'
import { name } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

export const tokens = router({
  list: signedIn.query(async ({ ctx }) => ({ tokens: await ctx.engine.reads.tokens() })),
  /** The token is shown once, here. */
  create: signedIn
    .input(z.object({ name, role: z.enum(roles).default('viewer') }))
    .mutation(({ ctx, input }) => ctx.engine.dispatch('token.create', input, ctx.operator)),
  revoke: signedIn.input(z.object({ name })).mutation(({ ctx, input }) => ctx.engine.dispatch('token.revoke', input, ctx.operator)),
  /** A one-time sign-in link's secret for the console. */
  createLink: signedIn.mutation(({ ctx }) => ctx.engine.dispatch('link.create', {}, ctx.operator)),
})
