import { shopStorage } from '../lib/server/shop-storage.ts'

/**
 * Keeps customers out while the manager has something to do: `tessera storage set procedures maintenance '"Stocktaking"'`
 * (4d.md DBM-14). Anything but 0 refuses the connection of this one process.
 */
export default async (): Promise<number | { code: number; text: string }> => {
  const maintenance = (await shopStorage()).get('maintenance')
  if (maintenance === undefined || maintenance === null || maintenance === false) return 0
  return { code: 1, text: typeof maintenance === 'string' && maintenance !== '' ? maintenance : 'The shop is closed for maintenance.' }
}
