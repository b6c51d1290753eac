import { TesseraError } from '@tessera/protocol'

/** Who exists in every directory, from number 1 on (4d.md DIR-01). */
export const fixedUserNames = ['Designer', 'Administrator'] as const
export const firstFreeUserNumber = fixedUserNames.length + 1

/** A name as it is compared: without regard to case, and to how its accents are encoded. */
export const nameKey = (name: string): string => name.normalize('NFC').toLowerCase()

export const userExists = (name: string): TesseraError => new TesseraError('ALREADY_EXISTS', `There is a user "${name}" already.`)
export const userNotFound = (name: string): TesseraError => new TesseraError('USER_NOT_FOUND', `There is no user "${name}".`)
export const groupNotFound = (name: string): TesseraError => new TesseraError('GROUP_NOT_FOUND', `There is no group "${name}".`)

/** @throws TesseraError `NOT_ALLOWED` for Designer and Administrator. */
export const refuseFixedUser = (user: { id: number; name: string }): void => {
  if (user.id < firstFreeUserNumber) throw new TesseraError('NOT_ALLOWED', `${user.name} is part of every directory and cannot be removed.`)
}

/**
 * Refuses members that would make a group contain itself, however far away.
 * @param outer the group that gets new members, `inner` those members, `innerOf` the members of any group: all as keys.
 * @throws TesseraError `ILLEGAL_STATE`.
 */
export const refuseGroupCycle = (outer: { key: string; name: string }, inner: readonly string[], innerOf: (group: string) => readonly string[]): void => {
  const seen = new Set<string>()
  const waiting = [...inner]
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    if (group === outer.key) throw new TesseraError('ILLEGAL_STATE', `The group "${outer.name}" would contain itself.`)
    if (seen.has(group)) continue
    seen.add(group)
    waiting.push(...innerOf(group))
  }
}
