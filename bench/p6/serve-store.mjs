import { playRole } from '../lib/role.mjs'
import { countLost, write } from './writers.mjs'

/** @type {import('./writers.mjs').Store | null} */
let store = null
const need = () => {
  if (store === null) throw new Error('No store is open.')
  return store
}

playRole({
  open: async (/** @type {{ module: string, options: import('./stores.mjs').StoreOptions }} */ { module, options }) => {
    store = await (await import(`./stores/${module}.mjs`)).open(options)
  },
  seed: async (/** @type {{ sessions: number }} */ { sessions }) => {
    for (let session = 0; session < sessions; session++) await need().seed(session)
  },
  write: (/** @type {Parameters<typeof write>[1]} */ options) => write(need(), options),
  countLost: (/** @type {number[][]} */ acknowledged) => countLost(need(), acknowledged),
})
