import { setTimeout as wait } from 'node:timers/promises'
import { currentProcess, executeOnClient, onServer, progress } from '@tessera/kit'
import { managersOnly, needProcedure } from '../lib/server/need-procedure.ts'
import { neededSession } from '../lib/server/needed-session.ts'
import { productRange } from '../lib/server/product-range.ts'
import { fullShelf, stockIn } from '../lib/server/stock.ts'

const stepMs = 150

/** Stored procedure: a delivery comes and every shelf is filled; customers at a terminal are shown so. Answers how many pieces came. */
export default onServer(async (): Promise<number> => {
  needProcedure()
  const { signal } = currentProcess()
  for (const [index, { name }] of productRange.entries()) {
    if (signal.aborted) return 0
    progress(index / productRange.length, `Unpacking: ${name}`)
    await wait(stepMs)
  }
  let came = 0
  await neededSession().storage.use((draft) => {
    const before = stockIn(draft.stock)
    came = productRange.reduce((sum, { id }) => sum + Math.max(0, fullShelf - (before[id] ?? 0)), 0)
    draft.stock = Object.fromEntries(productRange.map(({ id }) => [id, Math.max(fullShelf, before[id] ?? 0)]))
    draft.lastDelivery = { at: new Date(), pieces: came }
  })
  progress(1, `${came} pieces came`)
  await executeOnClient('customer@', 'showDelivery', came)
  return came
}, managersOnly)
