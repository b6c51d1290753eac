import { chmod, chown } from 'node:fs/promises'

const nobody = 65_534

/**
 * Runs a test as somebody whom file rights bind. They do not bind root, as whom tests run in a container: there the work
 * is done as `nobody`, who is given the folder first.
 */
export const asOrdinaryUser = async (folder: string, run: (as: { lock: (path: string, mode: number) => Promise<void> }) => Promise<void>): Promise<void> => {
  if (process.getuid?.() !== 0 || process.seteuid === undefined) return run({ lock: chmod })
  await chown(folder, nobody, nobody)
  process.seteuid(nobody)
  try {
    await run({ lock: chmod })
  } finally {
    process.seteuid(0)
  }
}
