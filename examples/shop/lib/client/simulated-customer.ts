import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type RemoteProcess, remote } from '@tessera/kit'
import addToCart from '../../methods/addToCart.ts'
import cart from '../../methods/cart.ts'
import confirm from '../../methods/confirm.ts'
import orderHistory from '../../methods/orderHistory.ts'
import placeOrder from '../../methods/placeOrder.ts'
import products from '../../methods/products.ts'
import removeFromCart from '../../methods/removeFromCart.ts'
import signIn from '../../methods/signIn.ts'
import type { ProductOnShelf } from '../shared/shop-types.ts'
import { between, happens, hesitate, oneOf, someEmail } from './chance.ts'
import { isOver, tellFailure } from './failure.ts'
import { print } from './terminal.ts'

/** Where a simulated customer stands, for another version of the shop to go on with. */
export type CustomerPlace = { simulated: true; email: string; outbox: string; signedIn: boolean }

/**
 * Behaves like a person, for ever: looks around, fills the cart from two processes at once, orders, looks back. The demo's
 * outbox is on the same machine, so it can read its own mail there; without an outbox it never signs in.
 */
export class SimulatedCustomer {
  readonly #place: CustomerPlace
  #secondProcess: RemoteProcess | null = null
  #leaving = false
  #acting: Promise<void> = Promise.resolve()

  constructor(place: CustomerPlace) {
    this.#place = place
  }

  /** `simulate` or `simulate:<folder of the outbox>`. */
  static from(userParam: string): SimulatedCustomer {
    return new SimulatedCustomer({ simulated: true, email: someEmail(), outbox: userParam.replace(/^simulate:?/, ''), signedIn: false })
  }

  async live(): Promise<void> {
    while (!this.#leaving) {
      this.#acting = this.#actOrTell()
      await this.#acting
      if (!this.#leaving) await hesitate()
    }
  }

  /** Finishes what it is doing and does nothing more. */
  async leave(): Promise<CustomerPlace> {
    this.#leaving = true
    await this.#acting
    return { ...this.#place }
  }

  async #actOrTell(): Promise<void> {
    try {
      await this.#act()
    } catch (error) {
      if (isOver(error)) this.#leaving = true
      else print(`${this.#place.email}: ${tellFailure(error)}`)
    }
  }

  async #act(): Promise<void> {
    const shelves = await products()
    if (!this.#place.signedIn && this.#place.outbox !== '' && happens(0.7)) return this.#signIn()
    if (happens(0.65)) return this.#fillCart(shelves.filter(({ stock }) => stock > 0))
    const { lines } = await cart()
    const [first] = lines
    if (first !== undefined && happens(0.2)) await removeFromCart(first.productId)
    else if (first !== undefined && this.#place.signedIn) await this.#order()
    else if (this.#place.signedIn) await orderHistory()
  }

  async #signIn(): Promise<void> {
    await signIn(this.#place.email)
    await hesitate()
    const mail = await readFile(join(this.#place.outbox, `${encodeURIComponent(this.#place.email)}.txt`), 'utf8')
    const { verdict } = await confirm(/Your code: (\d{6})/.exec(mail)?.[1] ?? '000000')
    this.#place.signedIn = verdict === 'right'
    print(`${this.#place.email} signs in: ${verdict}`)
  }

  /** From two processes at once: both work on the session's one cart. */
  async #fillCart([first, ...rest]: readonly ProductOnShelf[]): Promise<void> {
    if (first === undefined) return
    this.#secondProcess ??= await remote.process('second window')
    await Promise.all([addToCart(oneOf([first, ...rest]).id, Math.round(between(1, 3))), this.#secondProcess.call('addToCart', oneOf([first, ...rest]).id, 1)])
  }

  async #order(): Promise<void> {
    const { id, lines } = await placeOrder()
    print(`${this.#place.email} orders ${lines.length} products: ${id}`)
    if (!happens(0.3)) return
    await this.#secondProcess?.close()
    this.#secondProcess = null
  }
}
