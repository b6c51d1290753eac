import { formatCents } from '../shared/money.ts'
import type { Cart, Order, ProductOnShelf } from '../shared/shop-types.ts'
import { print } from './terminal.ts'

export const showShelves = (products: readonly ProductOnShelf[]): void => {
  for (const category of new Set(products.map((product) => product.category))) {
    print(`\n${category}`)
    for (const { id, name, priceCents, stock } of products.filter((product) => product.category === category)) {
      print(`  ${id.padEnd(14)}${name.padEnd(28)}${formatCents(priceCents).padStart(10)}${stock === 0 ? '   sold out' : ''}`)
    }
  }
  print()
}

export const showCart = ({ lines, totalCents }: Cart): void => {
  if (lines.length === 0) print('The cart is empty.')
  for (const line of lines) print(`  ${String(line.quantity).padStart(3)} x ${line.name.padEnd(28)}${formatCents(line.totalCents).padStart(12)}`)
  if (lines.length > 0) print(`  ${'Total'.padEnd(34)}${formatCents(totalCents).padStart(12)}`)
}

export const showOrder = ({ id, placedAt, totalCents }: Order): void =>
  print(`  ${id}  ${placedAt.toISOString().slice(0, 16).replace('T', ' ')}  ${formatCents(totalCents)}`)
