import type { DirectoryStore, StoredGroup, StoredUser } from '../ports/directory-store.ts'
import { firstFreeUserNumber, fixedUserNames, groupNotFound, nameKey, refuseFixedUser, refuseGroupCycle, userExists, userNotFound } from './directory-rules.ts'

interface Group {
  name: string
  /** Numbers of users, keys of groups. */
  users: ReadonlySet<number>
  inner: ReadonlySet<string>
}

/** A directory that lives as long as this object. Begins with Designer and Administrator, without passwords. */
export class MemoryDirectoryStore implements DirectoryStore {
  readonly #users = new Map<number, StoredUser>()
  /** In the order in which they were made, by key. */
  readonly #groups = new Map<string, Group>()

  constructor() {
    for (const [index, name] of fixedUserNames.entries()) this.#keep({ id: index + 1, name, alias: null, passwordHash: null, enabled: true, lastSeenAt: null })
  }

  async users(): Promise<readonly StoredUser[]> {
    return this.#sortedUsers().map((user) => ({ ...user }))
  }

  async groups(): Promise<readonly StoredGroup[]> {
    const users = this.#sortedUsers()
    return [...this.#groups.values()].map((group) => ({
      name: group.name,
      users: users.filter((user) => group.users.has(user.id)).map((user) => user.name),
      groups: [...this.#groups].filter(([key]) => group.inner.has(key)).map(([, inner]) => inner.name),
    }))
  }

  async findUser(name: string): Promise<StoredUser | null> {
    const user = this.#find(name)
    return user === undefined ? null : { ...user }
  }

  async addUser(user: { name: string; alias: string | null; passwordHash: string | null }): Promise<StoredUser> {
    this.#refuseTaken(user.name, null)
    if (user.alias !== null) this.#refuseTaken(user.alias, null)
    let id = firstFreeUserNumber
    while (this.#users.has(id)) id += 1
    return { ...this.#keep({ id, name: user.name, alias: user.alias, passwordHash: user.passwordHash, enabled: true, lastSeenAt: null }) }
  }

  async changeUser(name: string, change: Partial<Pick<StoredUser, 'alias' | 'passwordHash' | 'enabled' | 'lastSeenAt'>>): Promise<StoredUser> {
    const user = this.#need(name)
    if (typeof change.alias === 'string') this.#refuseTaken(change.alias, user)
    return { ...this.#keep({ ...user, ...change, id: user.id, name: user.name }) }
  }

  async removeUser(name: string): Promise<void> {
    const user = this.#need(name)
    refuseFixedUser(user)
    this.#users.delete(user.id)
    for (const [key, group] of this.#groups) {
      this.#groups.set(key, { ...group, users: new Set([...group.users].filter((id) => id !== user.id)) })
    }
  }

  async putGroup(group: StoredGroup): Promise<void> {
    const key = nameKey(group.name)
    const inner = group.groups.map(nameKey)
    refuseGroupCycle({ key, name: group.name }, inner, (name) => [...(this.#groups.get(name)?.inner ?? [])])
    const missing = group.groups.find((name) => !this.#groups.has(nameKey(name)))
    if (missing !== undefined) throw groupNotFound(missing)
    const users = new Set(group.users.map((name) => this.#need(name).id))
    this.#groups.set(key, { name: this.#groups.get(key)?.name ?? group.name, users, inner: new Set(inner) })
  }

  #keep(user: StoredUser): StoredUser {
    this.#users.set(user.id, user)
    return user
  }

  #sortedUsers(): StoredUser[] {
    return [...this.#users.values()].sort((a, b) => a.id - b.id)
  }

  #find(name: string): StoredUser | undefined {
    const key = nameKey(name)
    return [...this.#users.values()].find((user) => nameKey(user.name) === key || (user.alias !== null && nameKey(user.alias) === key))
  }

  #need(name: string): StoredUser {
    const user = this.#find(name)
    if (user === undefined) throw userNotFound(name)
    return user
  }

  #refuseTaken(name: string, except: StoredUser | null): void {
    const holder = this.#find(name)
    if (holder !== undefined && holder.id !== except?.id) throw userExists(name)
  }
}
