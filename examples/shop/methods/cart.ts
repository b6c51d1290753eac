import { onServer } from '@tessera/kit'
import { linesIn, priced } from '../lib/server/cart.ts'
import { neededSession } from '../lib/server/needed-session.ts'
import type { Cart } from '../lib/shared/shop-types.ts'

export default onServer((): Cart => priced(linesIn(neededSession().storage.get('cart'))))
