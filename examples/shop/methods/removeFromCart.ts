import { onServer, z } from '@tessera/kit'
import { changeCart } from '../lib/server/cart.ts'
import { neededSession } from '../lib/server/needed-session.ts'
import type { Cart } from '../lib/shared/shop-types.ts'

/** Takes a product out of the cart, all of it. */
export default onServer((productId: string): Promise<Cart> => changeCart(neededSession().storage, productId, Number.NEGATIVE_INFINITY), {
  input: z.tuple([z.string().max(40)]),
})
