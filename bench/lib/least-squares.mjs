/**
 * The line that fits best, and the standard error of its slope; NaN where there are fewer than three points.
 * @param {readonly { x: number, y: number }[]} points
 * @returns {{ slope: number, error: number, mean: number }}
 */
export const fitLine = (points) => {
  const count = points.length
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / count
  const mean = points.reduce((sum, { y }) => sum + y, 0) / count
  if (count < 3) return { slope: Number.NaN, error: Number.NaN, mean }
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - mean), 0) / spread
  const left = points.reduce((sum, { x, y }) => sum + (y - mean - slope * (x - meanX)) ** 2, 0)
  return { slope, error: Math.sqrt(left / (count - 2) / spread), mean }
}
