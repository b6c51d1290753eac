export interface RowRange {
  offset: number
  limit: number
}

/** How many rows the server sends at once, and how close to their edge the view may come before the window moves. */
export const windowRows = 200
const margin = 40
const step = 50

/** The window to watch so that the visible rows stand inside it with room to scroll; the current one while it will do. */
export const windowFor = (visible: { first: number; last: number }, current: number, count: number): number => {
  const coversTop = current === 0 || visible.first >= current + margin
  const coversEnd = current + windowRows >= count || visible.last <= current + windowRows - margin
  const inside = visible.first >= current && visible.last < current + windowRows
  if ((coversTop && coversEnd && inside) || (current === 0 && count <= windowRows)) return current
  const centred = (visible.first + visible.last) / 2 - windowRows / 2
  return Math.max(0, Math.min(Math.round(centred / step) * step, Math.max(0, Math.ceil((count - windowRows) / step) * step)))
}
