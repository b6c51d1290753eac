import { router, signedIn } from '../trpc.ts'

export const catalog = router({
  get: signedIn.query(({ ctx }) => ctx.engine.reads.catalog()),
})
