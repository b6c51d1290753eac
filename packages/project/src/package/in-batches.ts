/** Runs the work over all items, at most `width` at a time. The first failure stops what has not begun. */
export const inBatches = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>, width = 16): Promise<void> => {
  const waiting = items.values()
  let failed = false
  const lane = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return
      await work(item).catch((cause: unknown) => {
        failed = true
        throw cause
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
}
