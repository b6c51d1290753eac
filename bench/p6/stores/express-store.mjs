import { promisify } from 'node:util'
import { changeOf, documentOf, lineOf, slotOf } from '../document.mjs'

/**
 * A store of express-session as express-session uses it: the whole session is read when a request begins and written when it ends.
 * @param {import('express-session').Store} store
 * @param {{ bytes: number, close: () => void | Promise<void> }} options
 * @returns {import('../writers.mjs').Store}
 */
export const overExpressStore = (store, { bytes, close }) => {
  const get = promisify(store.get.bind(store))
  const set = promisify(store.set.bind(store))
  const idOf = (/** @type {number} */ session) => `session-${session}`
  const read = async (/** @type {number} */ session) => /** @type {any} */ (await get(idOf(session)))
  return {
    seed: async (session) => {
      await set(
        idOf(session),
        /** @type {any} */ ({ cookie: { originalMaxAge: 86_400_000, expires: new Date(Date.now() + 86_400_000) }, ...documentOf(bytes) }),
      )
    },
    change: async (session, line, change) => {
      const held = await read(session)
      if (held === null || held === undefined) throw new Error(`The store has no session ${session}.`)
      held[slotOf(line)] = lineOf(change)
      await set(idOf(session), held)
    },
    read: async (session, line) => changeOf((await read(session))?.[slotOf(line)]),
    close,
  }
}
