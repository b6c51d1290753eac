import { onServer } from '@tessera/kit'
import { neededCustomer } from '../lib/server/customer.ts'
import { ordersOf } from '../lib/server/orders.ts'
import type { Order } from '../lib/shared/shop-types.ts'

/** The customer's latest orders, newest first. */
export default onServer((): Promise<Order[]> => ordersOf(neededCustomer().email, 20))
