import { z } from 'zod'
import { name } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

/** Stored procedures that the clock starts: those of the current version. */
export const schedules = router({
  list: signedIn.query(({ ctx }) => ({ schedules: ctx.engine.reads.schedules() })),
  /** Runs one now. */
  start: signedIn.input(z.object({ name })).mutation(({ ctx, input }) => ctx.engine.dispatch('schedule.start', input, ctx.operator)),
})
