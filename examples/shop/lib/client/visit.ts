import addToCart from '../../methods/addToCart.ts'
import cart from '../../methods/cart.ts'
import confirm from '../../methods/confirm.ts'
import orderHistory from '../../methods/orderHistory.ts'
import placeOrder from '../../methods/placeOrder.ts'
import products from '../../methods/products.ts'
import removeFromCart from '../../methods/removeFromCart.ts'
import signIn from '../../methods/signIn.ts'
import { isOver, tellFailure } from './failure.ts'
import { ask, print, printCart, printOrder, printShelves } from './terminal.ts'

/** Where a visit stands: enough to go on with it in another version of the shop. */
export type VisitPlace = { email: string; code: string; signedIn: boolean }

const help = 'list, add <product> [how many], remove <product>, cart, order, history, quit'

/** One person at a terminal. Where nobody types, it shows the shelves, signs in if it was told how, and leaves. */
export class Visit {
  readonly #place: VisitPlace

  constructor(place: VisitPlace) {
    this.#place = place
  }

  /** `ann@example.com` or `ann@example.com,123456`. */
  static from(userParam: string): Visit {
    const [email = '', code = ''] = userParam.split(',').map((part) => part.trim())
    return new Visit({ email, code, signedIn: false })
  }

  get place(): VisitPlace {
    return { ...this.#place }
  }

  async start(): Promise<void> {
    print('Welcome to the shop.')
    printShelves(await products())
    await this.#signIn()
    await this.goOn()
  }

  /** Acts until the person leaves. */
  async goOn(): Promise<void> {
    print(help)
    for (let words = await this.#nextWords(); words !== null; words = await this.#nextWords()) {
      try {
        await this.#act(words)
      } catch (error) {
        print(tellFailure(error))
        if (isOver(error)) return
      }
    }
  }

  async #nextWords(): Promise<string[] | null> {
    const words = (await ask('shop>'))?.split(/\s+/) ?? ['quit']
    return words[0] === 'quit' ? null : words
  }

  async #signIn(): Promise<void> {
    this.#place.email ||= (await ask('Your e-mail address (empty: only look around):')) ?? ''
    if (this.#place.email === '') return
    try {
      if (this.#place.code === '') await signIn(this.#place.email)
      const code = this.#place.code || ((await ask(`The six digits that were sent to ${this.#place.email}:`)) ?? '')
      if (code === '') return
      const { verdict } = await confirm(code)
      this.#place.signedIn = verdict === 'right'
      print(this.#place.signedIn ? `Signed in as ${this.#place.email}.` : 'That was not the code.')
    } catch (error) {
      print(tellFailure(error))
    }
  }

  async #act([verb = '', product = '', quantity = '1']: readonly string[]): Promise<void> {
    switch (verb) {
      case '':
        return
      case 'list':
        return printShelves(await products())
      case 'add':
        return printCart(await addToCart(product, Number(quantity)))
      case 'remove':
        return printCart(await removeFromCart(product))
      case 'cart':
        return printCart(await cart())
      case 'order':
        print('Thank you. Your order:')
        return printOrder(await placeOrder())
      case 'history':
        for (const order of await orderHistory()) printOrder(order)
        return
      default:
        print(help)
    }
  }
}
