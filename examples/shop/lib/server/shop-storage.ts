import { type SharedStorage, sessionStorage } from '@tessera/kit'
import { neededSession } from './needed-session.ts'
import { inProjectData, readIfThere, writeAtomically } from './project-data.ts'

const addressFile = (): string => inProjectData('shop-session')

/** Called once in the stored-procedures session: its storage becomes the one that all customers share. */
export const openShopStorage = async (): Promise<SharedStorage> => {
  const mine = neededSession()
  await writeAtomically(addressFile(), mine.id)
  return mine.storage
}

/**
 * The storage that all customers share: stock, sales, the manager's notices. It is the stored-procedures session's; where
 * the project runs alone there is none, and the only session has it all.
 */
export const shopStorage = async (): Promise<SharedStorage> => {
  const mine = neededSession()
  if (mine.info().type === 'standalone') return mine.storage
  const id = await readIfThere(addressFile())
  return (id === null ? null : await sessionStorage(id)) ?? mine.storage
}
