import type { Order } from '../shared/shop-types.ts'

export type Report = {
  at: Date
  orders: number
  customers: number
  revenueCents: number
  bestSellers: { name: string; pieces: number }[]
}

/** What a report adds up, order by order. */
export class ReportSums {
  readonly #customers = new Set<string>()
  readonly #pieces = new Map<string, number>()
  #orders = 0
  #revenueCents = 0

  add(order: Order): void {
    this.#orders += 1
    this.#revenueCents += order.totalCents
    this.#customers.add(order.email)
    for (const { name, quantity } of order.lines) this.#pieces.set(name, (this.#pieces.get(name) ?? 0) + quantity)
  }

  report(at: Date): Report {
    const bestSellers = [...this.#pieces]
      .map(([name, pieces]) => ({ name, pieces }))
      .sort((one, other) => other.pieces - one.pieces || one.name.localeCompare(other.name))
      .slice(0, 5)
    return { at, orders: this.#orders, customers: this.#customers.size, revenueCents: this.#revenueCents, bestSellers }
  }
}
