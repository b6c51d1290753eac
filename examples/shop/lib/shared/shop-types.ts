/** What the shop's methods take and give. Prices are whole cents, so that sums are exact. */
export type Product = {
  id: string
  name: string
  category: string
  priceCents: number
}

export type ProductOnShelf = Product & { stock: number }

export type CartLine = { productId: string; quantity: number }

export type Cart = {
  lines: { productId: string; name: string; quantity: number; priceCents: number; totalCents: number }[]
  totalCents: number
}

export type Order = Cart & {
  id: string
  email: string
  placedAt: Date
}
