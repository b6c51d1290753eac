import { shopStorage } from '../lib/server/shop-storage.ts'

/** Counts those who leave, one for each process of a client (4d.md DBM-20). */
export default async (): Promise<void> => {
  const shop = await shopStorage()
  await shop.use((draft) => {
    draft.signOffs = Number(draft.signOffs ?? 0) + 1
  })
}
