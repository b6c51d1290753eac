/**
 * Runs the work over all items, at most `width` at a time. After a failure nothing more begins; it is thrown once all that
 * had begun has ended, so that the caller can clear up behind it.
 */
export const inBatches = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>, width = 16): Promise<void> => {
  const waiting = items.values()
  const failures: unknown[] = []
  const lane = async (): Promise<void> => {
    for (const item of waiting) {
      if (failures.length > 0) return
      await work(item).catch((cause: unknown) => failures.push(cause))
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
  if (failures.length > 0) throw failures[0]
}
