import { storedProcedures, z } from '@tessera/kit'
import { formatCents } from '../shared/money.ts'
import { print } from './terminal.ts'

const sums = z.object({ orders: z.number(), revenueCents: z.number() })

/** Has the server make the report while this client waits; a manager who asks while one is made gets that one (4d.md PRC-12). */
export const report = async (): Promise<void> => {
  const handle = await storedProcedures.start('nightlyReport', [], { name: 'report', unique: true })
  handle.onProgress(({ fraction, text }) => print(`  ${String(Math.round(fraction * 100)).padStart(3)} %  ${text}`))
  const { orders, revenueCents } = sums.parse(await handle.result)
  print(`  ${orders} orders, ${formatCents(revenueCents)}`)
}
