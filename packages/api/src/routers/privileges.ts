import { asSessionId } from '@tessera/core'
import { z } from 'zod'
import { id, name } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

const names = z.array(name).max(1000)

export const privileges = router({
  get: signedIn.input(z.object({ session: id })).query(({ ctx, input }) => ctx.engine.reads.privileges(input.session)),
  /** Adds to what is held; names that roles.json does not declare are ignored. */
  set: signedIn
    .input(z.object({ session: id, names }))
    .mutation(({ ctx, input }) =>
      ctx.engine.dispatch('privileges.set', { sessionId: asSessionId(input.session), names: input.names, roles: [] }, ctx.operator),
    ),
  clear: signedIn
    .input(z.object({ session: id }))
    .mutation(({ ctx, input }) => ctx.engine.dispatch('privileges.clear', { sessionId: asSessionId(input.session) }, ctx.operator)),
})
