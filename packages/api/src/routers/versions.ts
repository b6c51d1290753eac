import { router, signedIn } from '../trpc.ts'

export const versions = router({
  list: signedIn.query(({ ctx }) => ctx.engine.reads.versions()),
  /** RELOAD PROJECT (4d.md RLD-03). A build with problems changes nothing and fails with them. */
  reload: signedIn.mutation(({ ctx }) => ctx.engine.dispatch('version.reload', {}, ctx.operator)),
})
