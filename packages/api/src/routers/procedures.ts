import { asProcessId } from '@tessera/core'
import { z } from 'zod'
import { id, name, storableText } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

export const procedures = router({
  list: signedIn.query(({ ctx }) => ({ processes: ctx.engine.reads.procedures() })),
  /** The methods of the current version. */
  methods: signedIn.query(({ ctx }) => ctx.engine.reads.methods()),
  /** `args`: storable text of the array of arguments. */
  start: signedIn
    .input(z.object({ method: name, args: storableText.default('[]'), name: z.string().max(200).default(''), unique: z.boolean().default(false) }))
    .mutation(({ ctx, input }) => ctx.engine.dispatch('procedure.start', input, ctx.operator)),
  /** Waits for the end; answers the result as storable text. */
  result: signedIn
    .input(z.object({ processId: id }))
    .mutation(async ({ ctx, input }) => ({ value: await ctx.engine.dispatch('procedure.result', { processId: asProcessId(input.processId) }, ctx.operator) })),
})
