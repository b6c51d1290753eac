import { type Findings, quoted } from './findings.ts'
import type { Declaration, Declarations } from './read-declarations.ts'
import { keyOf } from './roles.ts'

interface Step {
  key: string
  declared: Declaration
  /** How many of its inclusions were followed. */
  followed: number
}

/** Privileges that include each other. Not recursive: a file may chain as many as it likes. */
export const findCycles = (privileges: Declarations, found: Findings): void => {
  const done = new Set<string>()
  for (const [key, declared] of privileges) if (!done.has(key)) followFrom({ key, declared, followed: 0 }, { privileges, done, found })
}

interface Search {
  privileges: Declarations
  done: Set<string>
  found: Findings
}

const followFrom = (first: Step, { privileges, done, found }: Search): void => {
  const way = [first]
  const depths = new Map([[first.key, 0]])
  for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
    const included = step.declared.list[step.followed++]
    if (included === undefined) {
      done.add(step.key)
      depths.delete(step.key)
      way.pop()
      continue
    }
    const key = keyOf(included.name)
    const depth = depths.get(key)
    const declared = privileges.get(key)
    if (depth !== undefined) reportCycle(way, depth, found)
    else if (declared !== undefined && !done.has(key)) {
      depths.set(key, way.length)
      way.push({ key, declared, followed: 0 })
    }
  }
}

/** Of a long one the ends are enough. */
const mostShown = 10

const reportCycle = (way: readonly Step[], depth: number, found: Findings): void => {
  const first = way[depth]
  if (first === undefined) return
  const length = way.length - depth
  const shown = (from: number, to: number): string[] => way.slice(from, to).map(({ declared }) => declared.name)
  const names =
    length <= mostShown
      ? shown(depth, way.length)
      : [...shown(depth, depth + mostShown / 2), `… ${length - mostShown} more …`, ...shown(way.length - mostShown / 2, way.length)]
  found.error(`privileges include each other: ${[...names, first.declared.name].map((name) => quoted(name).slice(1, -1)).join(' → ')}`, first.declared.at)
}
