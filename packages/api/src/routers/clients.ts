import { decodeStorable } from '@tessera/protocol'
import { z } from 'zod'
import { id, name, storableText } from '../inputs.ts'
import { router, signedIn } from '../trpc.ts'

/** Storable text of the list of arguments: what is none would only fail on the clients. */
const argumentsText = storableText.default('[]').refine((text) => {
  try {
    return Array.isArray(decodeStorable(text))
  } catch {
    return false
  }
}, 'Not the storable text of a list of arguments.')

/** Clients to which methods can be sent, and what was sent (4d.md PRC-30..36). */
export const clients = router({
  list: signedIn.query(({ ctx }) => ({ clients: ctx.engine.reads.clients() })),
  /** `name`: `@` stands for any text. Answers once the server has the order. */
  order: signedIn
    .input(z.object({ name: z.string().max(1000), method: name, args: argumentsText }))
    .mutation(({ ctx, input }) => ctx.engine.dispatch('client.order', input, ctx.operator)),
  /** How far an order is. */
  get: signedIn.input(z.object({ id })).query(({ ctx, input }) => ctx.engine.reads.order(input.id)),
  /** Waits until every client has answered, or will not; values are storable text. */
  results: signedIn.input(z.object({ id })).mutation(({ ctx, input }) => ctx.engine.dispatch('order.results', input, ctx.operator)),
  /** Takes the order back from the clients that were not told of it yet. */
  cancel: signedIn.input(z.object({ id })).mutation(({ ctx, input }) => ctx.engine.dispatch('order.cancel', input, ctx.operator)),
})
