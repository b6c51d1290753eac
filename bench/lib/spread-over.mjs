/**
 * So many of the numbers below `all`, evenly, the first and the last among them.
 * @param {number} all
 * @param {number} wanted
 * @returns {number[]}
 */
export const spreadOver = (all, wanted) => {
  const many = Math.min(all, wanted)
  return Array.from({ length: many }, (_, place) => (many === 1 ? 0 : Math.floor((place * (all - 1)) / (many - 1))))
}
