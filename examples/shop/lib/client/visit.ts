import addToCart from '../../methods/addToCart.ts'
import cart from '../../methods/cart.ts'
import confirm from '../../methods/confirm.ts'
import orderHistory from '../../methods/orderHistory.ts'
import placeOrder from '../../methods/placeOrder.ts'
import products from '../../methods/products.ts'
import removeFromCart from '../../methods/removeFromCart.ts'
import signIn from '../../methods/signIn.ts'
import { isOver, tellFailure } from './failure.ts'
import { report } from './report.ts'
import { showCart, showOrder, showShelves } from './show.ts'
import { print, Terminal } from './terminal.ts'

/** Where a visit stands: enough to go on with it in another version of the shop. */
export type VisitPlace = { email: string; signedIn: boolean }

const help = 'You can say: list, add <product> [how many], remove <product>, cart, sign-in [e-mail], order, history, report (managers), quit'

/** One person at a terminal, or a script at its standard input. It ends when the input does. */
export class Visit {
  readonly #terminal = new Terminal()
  #place: VisitPlace

  constructor(place: VisitPlace) {
    this.#place = place
  }

  get place(): VisitPlace {
    return this.#place
  }

  async start(): Promise<void> {
    print('Welcome to the shop.')
    showShelves(await products())
    print(help)
    if (this.#place.email !== '') await this.#orTell(() => this.#signIn(this.#place.email))
    await this.goOn()
  }

  /** Acts until the person leaves. */
  async goOn(): Promise<void> {
    for (let words = await this.#nextWords(); words !== null; words = await this.#nextWords()) {
      const [verb = '', ...rest] = words
      if (await this.#orTell(() => this.#act(verb, rest))) break
    }
    this.#terminal.close()
  }

  async #nextWords(): Promise<string[] | null> {
    const answer = await this.#terminal.ask('shop>')
    return answer === null || answer === 'quit' ? null : answer.split(/\s+/)
  }

  /** Answers whether it is over. */
  async #orTell(task: () => Promise<void>): Promise<boolean> {
    try {
      await task()
      return false
    } catch (error) {
      print(tellFailure(error))
      return isOver(error)
    }
  }

  async #signIn(known: string): Promise<void> {
    const email = known || ((await this.#terminal.ask('Your e-mail address:')) ?? '')
    if (email === '') return
    await signIn(email)
    print(`A code was sent to ${email}.`)
    const code = await this.#terminal.ask('Its six digits:')
    if (code === null) return
    const { verdict } = await confirm(code)
    this.#place = { email, signedIn: verdict === 'right' }
    print(this.#place.signedIn ? `Signed in as ${email}.` : 'That was not the code.')
  }

  async #act(verb: string, [what = '', quantity = '1']: readonly string[]): Promise<void> {
    if (verb === 'list') showShelves(await products())
    else if (verb === 'add') showCart(await addToCart(what, Number(quantity)))
    else if (verb === 'remove') showCart(await removeFromCart(what))
    else if (verb === 'cart') showCart(await cart())
    else if (verb === 'sign-in') await this.#signIn(what)
    else if (verb === 'order') showOrder(await placeOrder())
    else if (verb === 'history') (await orderHistory()).forEach(showOrder)
    else if (verb === 'report') await report()
    else print(help)
  }
}
