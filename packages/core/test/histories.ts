import type { Parameters } from 'fast-check'

/** How many random histories each property lives through with every test run. */
const usual = 10_000

/**
 * Parameters of a property over random histories. `TESSERA_HISTORIES` asks for another number of them, `TESSERA_SEED` for
 * those of a run that failed: fast-check prints the seed of each failure.
 */
export const histories = (): Parameters<unknown> => {
  const { TESSERA_HISTORIES: runs, TESSERA_SEED: seed } = process.env
  return { numRuns: runs === undefined ? usual : Number(runs), ...(seed === undefined ? {} : { seed: Number(seed) }) }
}

/** No history is cut short by a slow machine. */
export const historiesTimeoutMs = 3_600_000
