import { type SharedStorage, type Storable, z } from '@tessera/kit'
import type { Cart, CartLine } from '../shared/shop-types.ts'
import { productOf } from './product-range.ts'

const cartLines = z.array(z.object({ productId: z.string(), quantity: z.number().int().min(1) }))

/** The lines in the slot `cart` of a session's storage, which all processes of its client share. */
export const linesIn = (slot: Storable | undefined): CartLine[] => cartLines.safeParse(slot).data ?? []

/** The lines with names, prices and sums. */
export const priced = (lines: readonly CartLine[]): Cart => {
  const pricedLines = lines.map(({ productId, quantity }) => {
    const { name, priceCents } = productOf(productId)
    return { productId, name, quantity, priceCents, totalCents: quantity * priceCents }
  })
  return { lines: pricedLines, totalCents: pricedLines.reduce((sum, line) => sum + line.totalCents, 0) }
}

/** Adds (or with a negative quantity takes away); a line of nothing goes. */
export const changeCart = async (storage: SharedStorage, productId: string, quantity: number): Promise<Cart> => {
  const { id } = productOf(productId)
  await storage.use((draft) => {
    draft.cart = withChange(linesIn(draft.cart), id, quantity)
  })
  return priced(linesIn(storage.get('cart')))
}

const withChange = (lines: readonly CartLine[], productId: string, quantity: number): CartLine[] => {
  const line = lines.find((candidate) => candidate.productId === productId)
  if (line === undefined) return quantity > 0 ? [...lines, { productId, quantity }] : [...lines]
  const left = line.quantity + quantity
  return lines.flatMap((candidate) => (candidate !== line ? [candidate] : left > 0 ? [{ productId, quantity: left }] : []))
}

/** Takes the whole cart at once: of two orders placed at the same moment only one finds anything in it. */
export const takeCart = async (storage: SharedStorage): Promise<CartLine[]> => {
  let taken: CartLine[] = []
  await storage.use((draft) => {
    taken = linesIn(draft.cart)
    delete draft.cart
  })
  return taken
}

/** Puts lines back beside what was added meanwhile. */
export const putBack = async (storage: SharedStorage, lines: readonly CartLine[]): Promise<void> => {
  await storage.use((draft) => {
    draft.cart = lines.reduce((cart, { productId, quantity }) => withChange(cart, productId, quantity), linesIn(draft.cart))
  })
}
