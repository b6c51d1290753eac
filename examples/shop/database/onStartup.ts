import { remote, type Storable, session, z } from '@tessera/kit'
import { SimulatedCustomer } from '../lib/client/simulated-customer.ts'
import { Visit } from '../lib/client/visit.ts'

/**
 * What a client does once it is connected. `tessera connect HOST --user-param ann@example.com` signs Ann in, and
 * `--user-param simulate` shops for ever, as the demo's clients do. Run alone, there is no such text.
 */
export default async (): Promise<void> => {
  const userParam = session() === null ? remote.userParam : ''
  if (userParam.startsWith('simulate')) await live(SimulatedCustomer.from(userParam))
  else {
    // Deliveries are shown to everybody at a terminal; another version of the shop finds this client registered.
    await remote.register('customer')
    const visit = new Visit({ email: userParam, signedIn: false })
    await stayed(visit, () => visit.start())
  }
}

const visitPlace = z.object({ email: z.string(), signedIn: z.boolean() })
const customerPlace = z.object({ simulated: z.literal(true), email: z.string(), outbox: z.string(), signedIn: z.boolean() })

/** Another version of the shop goes on where this one was: session, cart and sign-in are on the server and stay. */
remote.afterReload(async (handedOver: Storable) => {
  const customer = customerPlace.safeParse(handedOver)
  if (customer.success) return live(new SimulatedCustomer(customer.data))
  const visit = new Visit(visitPlace.safeParse(handedOver).data ?? { email: '', signedIn: false })
  await stayed(visit, () => visit.goOn())
})

const live = async (customer: SimulatedCustomer): Promise<void> => {
  remote.beforeReload(() => customer.leave())
  await customer.live()
}

const stayed = async (visit: Visit, stay: () => Promise<void>): Promise<void> => {
  if (session() === null) remote.beforeReload(() => visit.place)
  await stay()
  if (session() === null) await remote.quit()
}
