import { z } from 'zod'
import { id, name } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

export const roles = router({
  /** What is in force, and what is wrong with the file that is not. */
  get: signedIn.query(({ ctx }) => ctx.engine.reads.roles()),
  /** Whether a session may do something, and why. Without a type it is what roles.json calls the resource. */
  explain: signedIn
    .input(z.object({ session: id, action: name, resource: name, type: name.nullable().default(null) }))
    .query(({ ctx, input: { session, ...question } }) => ctx.engine.reads.explain(session, question)),
  /** Reads roles.json alone. A broken one changes nothing and fails with its problems. */
  reload: signedIn.mutation(({ ctx }) => ctx.engine.dispatch('roles.reload', {}, ctx.operator)),
})
