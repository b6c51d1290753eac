/**
 * Finds import cycles: one for each group of files that reach each other (Tarjan), told as a way round.
 * @param {Map<string, string[]>} edges file to the files it imports
 * @returns {string[][]} each a list of files that ends where it began
 */
export const findCycles = (edges) => {
  const state = { edges, index: new Map(), low: new Map(), stack: [], onStack: new Set(), groups: [] }
  for (const file of edges.keys()) if (!state.index.has(file)) visit(state, file)
  const loops = state.groups.filter((group) => group.length > 1 || edges.get(group[0])?.includes(group[0]))
  return loops.map((group) => wayRound(edges, new Set(group)))
}

const visit = (state, file) => {
  const { edges, index, low, stack, onStack } = state
  index.set(file, index.size)
  low.set(file, index.get(file))
  stack.push(file)
  onStack.add(file)
  for (const next of edges.get(file) ?? []) {
    if (!index.has(next)) visit(state, next)
    if (onStack.has(next)) low.set(file, Math.min(low.get(file), low.get(next)))
  }
  if (low.get(file) === index.get(file)) state.groups.push(popGroup(stack, onStack, file))
}

const popGroup = (stack, onStack, file) => {
  const group = stack.splice(stack.indexOf(file))
  for (const member of group) onStack.delete(member)
  return group
}

/** The shortest way from the first file of a group back to itself. */
const wayRound = (edges, group) => {
  const start = [...group].sort()[0]
  const cameFrom = new Map()
  const queue = [start]
  for (const file of queue) {
    for (const next of edges.get(file) ?? []) {
      if (next === start) return [...walkBack(cameFrom, file), start]
      if (!group.has(next) || cameFrom.has(next)) continue
      cameFrom.set(next, file)
      queue.push(next)
    }
  }
  return [start, start]
}

const walkBack = (cameFrom, file) => (cameFrom.has(file) ? [...walkBack(cameFrom, cameFrom.get(file)), file] : [file])
