import type { OperatorRow } from '@tessera/protocol'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { open, router, signedIn } from '../trpc.ts'

const edge = ({ address }: Context) => ({ kind: 'edge', address }) as const

/** Who is at the console. */
export const auth = router({
  signIn: open.input(z.object({ user: z.string().max(200), password: z.string().max(1000) })).mutation(async ({ ctx, input }): Promise<OperatorRow> => {
    const session = await ctx.engine.dispatch('operator.signIn', { ...input, address: ctx.address }, edge(ctx))
    ctx.keepSignedIn(session)
    return session.operator
  }),
  /** Uses a one-time link up. */
  exchange: open.input(z.object({ token: z.string().max(200) })).mutation(async ({ ctx, input }): Promise<OperatorRow> => {
    const session = await ctx.engine.dispatch('operator.exchange', { token: input.token, address: ctx.address }, edge(ctx))
    ctx.keepSignedIn(session)
    return session.operator
  }),
  signOut: signedIn.mutation(async ({ ctx }): Promise<null> => {
    if (ctx.token !== null && ctx.operator.via === 'console') await ctx.engine.dispatch('operator.signOut', { token: ctx.token }, ctx.operator)
    ctx.keepSignedIn(null)
    return null
  }),
  me: signedIn.query(async ({ ctx }): Promise<OperatorRow> => ({ name: ctx.operator.name, role: ctx.operator.role, ...(await ctx.engine.reads.identity()) })),
})
