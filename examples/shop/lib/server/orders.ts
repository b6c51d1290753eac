import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { z } from '@tessera/kit'
import type { Cart, Order } from '../shared/shop-types.ts'
import { inProjectData, readIfThere, writeAtomically } from './project-data.ts'

const line = z.object({ productId: z.string(), name: z.string(), quantity: z.number(), priceCents: z.number(), totalCents: z.number() })
const orderInFile = z.object({ id: z.string(), email: z.string(), placedAt: z.coerce.date(), lines: z.array(line), totalCents: z.number() })

/** Orders lie in a folder for each customer, under names that sort by time. */
const ordersFolder = (...path: string[]): string => inProjectData('orders', ...path)

export const newOrder = (email: string, cart: Cart, placedAt: Date): Order => ({ id: newOrderId(placedAt), email, placedAt, ...cart })

const newOrderId = (at: Date): string => `${at.toISOString().replace(/\D/g, '')}-${randomBytes(3).toString('hex')}`

export const keepOrder = (order: Order): Promise<void> =>
  writeAtomically(ordersFolder(encodeURIComponent(order.email), `${order.id}.json`), JSON.stringify(order))

/** A customer's latest orders, newest first. */
export const ordersOf = async (email: string, most: number): Promise<Order[]> => {
  const folder = encodeURIComponent(email)
  const names = (await namesIn(ordersFolder(folder))).filter(isOrder).sort().reverse().slice(0, most)
  const orders = await Promise.all(names.map((name) => readOrder(`${folder}/${name}`)))
  return orders.filter((order) => order !== null)
}

/** Where all orders lie, for those who read them one by one. */
export const allOrders = async (): Promise<string[]> => {
  const folders = await namesIn(ordersFolder())
  const files = await Promise.all(folders.map(async (folder) => (await namesIn(ordersFolder(folder))).filter(isOrder).map((name) => `${folder}/${name}`)))
  return files.flat()
}

/** Null for an order that is gone, or that nobody can read. */
export const readOrder = async (path: string): Promise<Order | null> => {
  const text = await readIfThere(ordersFolder(path))
  return text === null ? null : (orderInFile.safeParse(JSON.parse(text)).data ?? null)
}

const isOrder = (name: string): boolean => name.endsWith('.json')

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch {
    return []
  }
}
