/** Where a key takes the cursor; null for keys that do not move it. -1 stands for no cursor yet. */
export const cursorAfterKey = (key: string, at: { cursor: number; count: number; page: number }): number | null => {
  const moved = target(key, at)
  return moved === null || at.count === 0 ? null : Math.min(Math.max(0, moved), at.count - 1)
}

const target = (key: string, { cursor, count, page }: { cursor: number; count: number; page: number }): number | null => {
  switch (key) {
    case 'ArrowDown':
      return cursor + 1
    case 'ArrowUp':
      return cursor - 1
    case 'PageDown':
      return cursor + page
    case 'PageUp':
      return cursor - page
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}
