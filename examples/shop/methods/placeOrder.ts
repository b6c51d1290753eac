import { onServer, storedProcedures } from '@tessera/kit'
import { priced, putBack, takeCart } from '../lib/server/cart.ts'
import { neededCustomer, needPrivilege } from '../lib/server/customer.ts'
import { neededSession } from '../lib/server/needed-session.ts'
import { keepOrder, newOrder } from '../lib/server/orders.ts'
import { shopStorage } from '../lib/server/shop-storage.ts'
import { isRunningLow, returnToStock, stockIn, takeFromStock } from '../lib/server/stock.ts'
import type { CartLine, Order } from '../lib/shared/shop-types.ts'

class EmptyCart extends Error {}

/** Turns the cart into an order. Whatever fails, the cart and the shelves are as before. */
export default onServer(async (): Promise<Order> => {
  needPrivilege('order')
  const { email } = neededCustomer()
  const { storage } = neededSession()
  const lines = await takeCart(storage)
  if (lines.length === 0) throw new EmptyCart('There is nothing in the cart.')
  try {
    return await order(email, lines)
  } catch (error) {
    await putBack(storage, lines)
    throw error
  }
})

const order = async (email: string, lines: readonly CartLine[]): Promise<Order> => {
  const shop = await shopStorage()
  const placed = newOrder(email, priced(lines), new Date())
  await takeFromStock(shop, lines, placed.totalCents)
  try {
    await keepOrder(placed)
  } catch (error) {
    await returnToStock(shop, lines, placed.totalCents)
    throw error
  }
  // One delivery at a time, however many customers see an empty shelf (4d.md PRC-12).
  if (isRunningLow(stockIn(shop.get('stock')))) await storedProcedures.start('restock', [], { name: 'restock', unique: true })
  return placed
}
