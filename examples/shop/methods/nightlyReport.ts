import { currentProcess, onServer, progress } from '@tessera/kit'
import { managersOnly, needProcedure } from '../lib/server/need-procedure.ts'
import { neededSession } from '../lib/server/needed-session.ts'
import { allOrders, readOrder } from '../lib/server/orders.ts'
import { type Report, ReportSums } from '../lib/server/report.ts'

/**
 * Stored procedure: reads every order and leaves the result in the slot `report`. The clock starts it each night, by
 * `schedules` in tessera.json; so does `tessera procedures start nightlyReport --wait`, and `report` in a manager's client.
 */
export default onServer(async (): Promise<Report> => {
  needProcedure()
  const { signal } = currentProcess()
  const paths = await allOrders()
  const sums = new ReportSums()
  for (const [index, path] of paths.entries()) {
    if (signal.aborted) throw new Error(`Stopped after ${index} of ${paths.length} orders: ${signal.reason ?? ''}`)
    progress(index / paths.length, `Order ${index + 1} of ${paths.length}`)
    const order = await readOrder(path)
    if (order !== null) sums.add(order)
  }
  const report = sums.report(new Date())
  await neededSession().storage.use((draft) => {
    draft.report = report
  })
  progress(1, `${report.orders} orders`)
  return report
}, managersOnly)
