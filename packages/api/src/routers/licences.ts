import { z } from 'zod'
import { router, signedIn } from '../trpc.ts'

export const licences = router({
  get: signedIn.query(({ ctx }) => ctx.engine.reads.licences()),
  /** Null: no limit. Nobody is sent away; newcomers are refused while more are in use. */
  set: signedIn.input(z.object({ maximum: z.number().nullable() })).mutation(({ ctx, input }) => ctx.engine.dispatch('licences.set', input, ctx.operator)),
})
