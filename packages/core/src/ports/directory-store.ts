/** A user as kept. The numbers 1 and 2 are Designer and Administrator (4d.md DIR-01). */
export interface StoredUser {
  id: number
  name: string
  alias: string | null
  passwordHash: string | null
  enabled: boolean
  lastSeenAt: number | null
}

export interface StoredGroup {
  name: string
  /** Names of users. */
  users: readonly string[]
  /** Names of groups contained in this one: their users have this group's rights (4d.md DIR-09). */
  groups: readonly string[]
}

/** Keeps users and groups. Names are unique without regard to case; Designer and Administrator always exist. */
export interface DirectoryStore {
  users(): Promise<readonly StoredUser[]>
  groups(): Promise<readonly StoredGroup[]>
  /** By name or alias, without regard to case. */
  findUser(name: string): Promise<StoredUser | null>
  /** Adds a user with the lowest free number from 3 on. @throws TesseraError `ALREADY_EXISTS`. */
  addUser(user: { name: string; alias: string | null; passwordHash: string | null }): Promise<StoredUser>
  /** @throws TesseraError `USER_NOT_FOUND`. */
  changeUser(name: string, change: Partial<Pick<StoredUser, 'alias' | 'passwordHash' | 'enabled' | 'lastSeenAt'>>): Promise<StoredUser>
  /** Leaves every group too. @throws TesseraError `USER_NOT_FOUND`, `NOT_ALLOWED` for Designer and Administrator. */
  removeUser(name: string): Promise<void>
  /** Adds the group or replaces its members. @throws TesseraError `USER_NOT_FOUND`, `GROUP_NOT_FOUND` for a member that is none. */
  putGroup(group: StoredGroup): Promise<void>
}
