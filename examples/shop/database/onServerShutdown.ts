import { inProjectData, writeAtomically } from '../lib/server/project-data.ts'
import { shopStorage } from '../lib/server/shop-storage.ts'

/** After the last customer: what the day brought stays on disk. */
export default async (): Promise<void> => {
  const { openedAt = null, sales = null, signOffs = 0 } = (await shopStorage()).all()
  await writeAtomically(inProjectData('last-day.json'), JSON.stringify({ openedAt, closedAt: new Date(), sales, signOffs }, null, 2))
}
