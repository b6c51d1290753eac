import { installKitHost, type KitHost } from '@tessera/kit/host'
import { type Half, loadHalf } from './half.ts'

/**
 * Loads the client half of a package in this process and gives its code this kit host. Its methods and database methods
 * (`onStartup`, `onExit`) are then plain functions of the half.
 * @throws TesseraError `VERSION_REJECTED` with problems.
 */
export const openClientHalf = (directory: string, kitHost: KitHost): Promise<Half> => {
  installKitHost(kitHost)
  return loadHalf(directory)
}
