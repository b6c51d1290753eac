import { onServer, z } from '@tessera/kit'
import { changeCart } from '../lib/server/cart.ts'
import { neededSession } from '../lib/server/needed-session.ts'
import type { Cart } from '../lib/shared/shop-types.ts'

/** Puts a product into the session's one cart, whichever process of the client asks. */
export default onServer((productId: string, quantity = 1): Promise<Cart> => changeCart(neededSession().storage, productId, quantity), {
  input: z.tuple([z.string().max(40), z.number().int().min(1).max(20).optional()]),
})
