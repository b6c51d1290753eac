import { z } from 'zod'
import { name } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

const password = z.string().max(1000).nullable()

export const directory = router({
  users: signedIn.query(async ({ ctx }) => ({ users: await ctx.engine.reads.users() })),
  groups: signedIn.query(async ({ ctx }) => ({ groups: await ctx.engine.reads.groups() })),
  addUser: signedIn
    .input(z.object({ name, password: password.default(null), groups: z.array(name).max(1000).default([]) }))
    .mutation(({ ctx, input }) => ctx.engine.dispatch('directory.addUser', input, ctx.operator)),
  /** Null takes the password away; Designer without one means that everybody is Designer (4d.md DIR-02). */
  setPassword: signedIn.input(z.object({ name, password })).mutation(({ ctx, input }) => ctx.engine.dispatch('directory.setPassword', input, ctx.operator)),
  setEnabled: signedIn
    .input(z.object({ name, enabled: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.engine.dispatch('directory.setEnabled', input, ctx.operator)),
  removeUser: signedIn.input(z.object({ name })).mutation(({ ctx, input }) => ctx.engine.dispatch('directory.removeUser', input, ctx.operator)),
  putGroup: signedIn
    .input(z.object({ name, users: z.array(name).max(20_000).default([]), groups: z.array(name).max(20_000).default([]) }))
    .mutation(({ ctx, input }) => ctx.engine.dispatch('directory.putGroup', input, ctx.operator)),
})
