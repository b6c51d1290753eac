import { asProcessId } from '@tessera/core'
import { z } from 'zod'
import { id, name, reason, storableText } from '../inputs.ts'
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
  /** How far it is, once more is known than `after` stands for; it ended; or a while went by. -1: at once. */
  progress: signedIn
    .input(z.object({ processId: id, after: z.number().int().default(-1) }))
    .query(({ ctx, input }) => ctx.engine.reads.progress(asProcessId(input.processId), input.after)),
  /** Its signal aborts; it is ended where it has not ended by itself after a while. */
  cancel: signedIn
    .input(z.object({ processId: id, reason }))
    .mutation(({ ctx, input: { processId, reason } }) => ctx.engine.dispatch('procedure.cancel', { processId: asProcessId(processId), reason }, ctx.operator)),
})
