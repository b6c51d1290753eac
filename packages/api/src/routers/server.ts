import { router, signedIn } from '../trpc.ts'

export const server = router({
  info: signedIn.query(({ ctx }) => ctx.engine.reads.server()),
})
