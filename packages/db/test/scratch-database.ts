import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { MakeStore } from '@tessera/core/contracts'
import { type Database, openDatabase } from '../src/client.ts'

/** A folder for one test. */
export const scratchFolder = async (): Promise<{ folder: string; remove: () => Promise<void> }> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tessera-db-'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Runs one test on an open database in a folder of its own. */
export const withDatabase = async (run: (database: Database, file: string) => Promise<void>): Promise<void> => {
  const { folder, remove } = await scratchFolder()
  const file = path.join(folder, 'tessera.db')
  const database = await openDatabase({ file })
  try {
    await run(database, file)
  } finally {
    await database.close()
    await remove()
  }
}

/** A store on a database of its own, for the suites of core. */
export const onScratchDatabase =
  <Store>(create: (database: Database) => Store): MakeStore<Store> =>
  async () => {
    const { folder, remove } = await scratchFolder()
    const database = await openDatabase({ file: path.join(folder, 'tessera.db') })
    return { store: create(database), close: () => database.close().then(remove) }
  }
