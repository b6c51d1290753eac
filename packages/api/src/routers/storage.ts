import { asSessionId, type Engine } from '@tessera/core'
import { limits } from '@tessera/protocol'
import { z } from 'zod'
import { id, storableText } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

/** `procedures` stands for the one stored-procedures session. */
export const sessionNamed = (reads: Engine['reads'], session: string) => (session === 'procedures' ? reads.proceduresSession() : asSessionId(session))

/** Session storage from outside. Values are storable text. */
export const storage = router({
  get: signedIn.input(z.object({ session: id })).query(({ ctx, input }) => ctx.engine.reads.storage(sessionNamed(ctx.engine.reads, input.session))),
  /** Its last changes, newest first. */
  history: signedIn.input(z.object({ session: id })).query(({ ctx, input }) => ctx.engine.reads.storageHistory(sessionNamed(ctx.engine.reads, input.session))),
  /** Sets one slot; `text` null removes it. */
  patch: signedIn
    .input(z.object({ session: id, slot: z.string().max(limits.storageKeyCharacters), text: storableText.nullable() }))
    .mutation(({ ctx, input: { session, slot, text } }) =>
      ctx.engine.dispatch('storage.set', { sessionId: sessionNamed(ctx.engine.reads, session), slot, text }, ctx.operator),
    ),
})
