import { guest, isHoldable, keyOf, type Roles } from './roles.ts'

/** A privilege that is held, and why. */
export interface Holding {
  /** As declared. */
  name: string
  /** The one that includes it; null where it was set itself. */
  from: Holding | null
  /** Only because everybody is a guest. */
  byAll: boolean
}

export type Held = ReadonlyMap<string, Holding>

/** All that is held with these names set, by the shortest way: the declared ones, what they include however deep, and what every guest holds. */
export const hold = (roles: Roles, names: Iterable<string>): Held => {
  const held = new Map<string, Holding>()
  const reached: Holding[] = []
  const take = (name: string, from: Holding | null, byAll: boolean): void => {
    const key = keyOf(name)
    if (held.has(key) || !isHoldable(roles.privileges, key)) return
    const holding = { name: roles.privileges.get(key)?.name ?? key, from, byAll }
    held.set(key, holding)
    reached.push(holding)
  }
  const follow = (): void => {
    // Grows while it is walked, and not recursive: a file may chain as many as it likes.
    for (const holding of reached) for (const name of roles.privileges.get(keyOf(holding.name))?.includes ?? []) take(name, holding, holding.byAll)
    reached.length = 0
  }
  for (const name of names) take(name, null, false)
  follow()
  take(guest, null, true)
  follow()
  return held
}

/** What is held beyond what everybody holds: as declared, sorted (4d.md PRV-11, SES-38). */
export const heldNames = (held: Held): string[] => [...held.values()].flatMap(({ name, byAll }) => (byAll ? [] : [name])).sort()

/** From the privilege that was set down to the one that is held. */
export const wayTo = (holding: Holding): string[] => {
  const way: string[] = []
  for (let at: Holding | null = holding; at !== null; at = at.from) way.push(at.name)
  return way.reverse()
}
