import { onServer } from '@tessera/kit'
import { productRange } from '../lib/server/product-range.ts'
import { shopStorage } from '../lib/server/shop-storage.ts'
import { stockIn } from '../lib/server/stock.ts'
import type { ProductOnShelf } from '../lib/shared/shop-types.ts'

/** What the shop sells, and how much of it is on the shelves. */
export default onServer(
  async (): Promise<ProductOnShelf[]> => {
    const stock = stockIn((await shopStorage()).get('stock'))
    return productRange.map((product) => ({ ...product, stock: stock[product.id] ?? 0 }))
  },
  { exposed: true },
)
