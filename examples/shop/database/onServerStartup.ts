import { openShopStorage } from '../lib/server/shop-storage.ts'
import { fullStock } from '../lib/server/stock.ts'

/** Before the first customer: the storage that all of them share is there, with full shelves where nothing else is known. */
export default async (): Promise<void> => {
  const shop = await openShopStorage()
  await shop.use((draft) => {
    draft.stock ??= fullStock()
    draft.sales ??= { orders: 0, revenueCents: 0 }
    draft.signOffs ??= 0
    draft.openedAt = new Date()
  })
}
