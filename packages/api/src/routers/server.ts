import { z } from 'zod'
import { router, signedIn } from '../trpc.ts'

/** The engine tells what is wrong with a rule, and with all of them at once. */
const addressRule = z.object({ mode: z.string().max(1000), ip: z.string().max(1000) })

export const server = router({
  info: signedIn.query(({ ctx }) => ctx.engine.reads.server()),
  /** Refuses newcomers with that message; whoever is connected goes on (4d.md ADM-20). */
  rejectConnections: signedIn
    .input(z.object({ message: z.string().max(10_000).default('') }).prefault({}))
    .mutation(({ ctx, input }) => ctx.engine.dispatch('connections.reject', input, ctx.operator)),
  acceptConnections: signedIn.input(z.object({}).prefault({})).mutation(({ ctx }) => ctx.engine.dispatch('connections.accept', {}, ctx.operator)),
  /** The whole address table, first match first; remote clients alone are asked (4d.md CON-20). */
  setAddresses: signedIn
    .input(z.object({ rules: z.array(addressRule) }))
    .mutation(({ ctx, input }) => ctx.engine.dispatch('connections.setAddresses', input, ctx.operator)),
  /** One rule more, before a final one that matches everything. */
  addAddress: signedIn.input(addressRule).mutation(({ ctx, input }) => ctx.engine.dispatch('connections.addAddress', input, ctx.operator)),
})
