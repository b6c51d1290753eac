import { type SharedStorage, type Storable, z } from '@tessera/kit'
import type { CartLine } from '../shared/shop-types.ts'
import { productOf, productRange } from './product-range.ts'

export const fullShelf = 40
/** From here on a delivery is asked for. */
const lowShelf = 5

const shelves = z.record(z.string(), z.number().int().min(0))
export type Stock = Readonly<z.infer<typeof shelves>>

export class OutOfStock extends Error {}

export const fullStock = (): Record<string, number> => Object.fromEntries(productRange.map(({ id }) => [id, fullShelf]))

/** What is on the shelves; before anything was sold, everything. */
export const stockIn = (slot: Storable | undefined): Stock => shelves.safeParse(slot).data ?? fullStock()

/**
 * Takes the lines off the shelves, all of them or none, and counts the sale.
 * @throws OutOfStock naming the first product of which there is not enough.
 */
export const takeFromStock = async (shop: SharedStorage, lines: readonly CartLine[], totalCents: number): Promise<void> => {
  await shop.use((draft) => {
    const stock = { ...stockIn(draft.stock) }
    for (const { productId, quantity } of lines) {
      const left = (stock[productId] ?? 0) - quantity
      if (left < 0) throw new OutOfStock(`${productOf(productId).name}: only ${stock[productId] ?? 0} left.`)
      stock[productId] = left
    }
    draft.stock = stock
    draft.sales = addSale(draft.sales, 1, totalCents)
  })
}

/** Undoes `takeFromStock` for an order that could not be kept. */
export const returnToStock = async (shop: SharedStorage, lines: readonly CartLine[], totalCents: number): Promise<void> => {
  await shop.use((draft) => {
    const stock = { ...stockIn(draft.stock) }
    for (const { productId, quantity } of lines) stock[productId] = (stock[productId] ?? 0) + quantity
    draft.stock = stock
    draft.sales = addSale(draft.sales, -1, -totalCents)
  })
}

export const isRunningLow = (stock: Stock): boolean => Object.values(stock).some((left) => left < lowShelf)

const sales = z.object({ orders: z.number(), revenueCents: z.number() })

const addSale = (slot: unknown, orders: number, revenueCents: number): z.infer<typeof sales> => {
  const before = sales.safeParse(slot).data ?? { orders: 0, revenueCents: 0 }
  return { orders: before.orders + orders, revenueCents: before.revenueCents + revenueCents }
}
