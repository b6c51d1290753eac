import { ConnectionRefused, type DirectoryGroupRow, type DirectoryUserRow, type Role, TesseraError } from '@tessera/protocol'
import type { Introduction } from '../commands.ts'
import type { StoredGroup, StoredUser } from '../ports/directory-store.ts'
import type { Ports } from '../ports/index.ts'
import { Throttle } from './throttle.ts'

type DirectoryPorts = Pick<Ports, 'bus' | 'clock' | 'directory' | 'hasher'>

/** Shortest password of a user, and of one who may administer without a second factor (6-security.md E1). */
const shortestPassword = 8
const shortestOperatorPassword = 15
const longestPassword = 1000

/** Groups whose members administer, besides Designer and Administrator. */
export const operatorGroups: readonly { group: string; role: Role }[] = [
  { group: 'Operators', role: 'operator' },
  { group: 'Viewers', role: 'viewer' },
]

/** Who people are: users and groups, sign-in, and what a user may administer (4d.md DIR-01..14). */
export class Directory {
  readonly #ports: DirectoryPorts
  readonly #throttle: Throttle

  constructor(ports: DirectoryPorts) {
    this.#ports = ports
    this.#throttle = new Throttle(ports.clock)
  }

  /**
   * Who a remote client is. Until Designer has a password everybody is Designer (4d.md DIR-02); from then on a name and its
   * password are needed.
   * @throws ConnectionRefused `BAD_CREDENTIALS`, `TOO_MANY_ATTEMPTS`.
   */
  async signIn({ user, password, address }: Pick<Introduction, 'user' | 'password' | 'address'>): Promise<{ id: number; name: string }> {
    const designer = await this.#ports.directory.findUser('Designer')
    if (designer !== null && designer.passwordHash === null) return { id: designer.id, name: nameOf(designer) }
    try {
      const stored = await this.verify(user ?? '', password ?? '', address)
      return { id: stored.id, name: nameOf(stored) }
    } catch (error) {
      if (!(error instanceof TesseraError)) throw error
      throw new ConnectionRefused(error.code, error.message, error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs })
    }
  }

  /** The user of that name and password. @throws TesseraError `BAD_CREDENTIALS`, `TOO_MANY_ATTEMPTS`. */
  async verify(name: string, password: string, address: string): Promise<StoredUser> {
    const keys = [`account ${name.toLowerCase()}`, `address ${address}`]
    this.#throttle.check(keys)
    const found = await this.#ports.directory.findUser(name)
    const usable = found?.enabled === true ? found : null
    const right = await this.#ports.hasher.verifyPassword(password, usable?.passwordHash ?? null)
    if (usable === null || !right) {
      this.#throttle.failed(keys)
      throw new TesseraError('BAD_CREDENTIALS', 'The name or the password is not right.')
    }
    this.#throttle.succeeded(keys)
    await this.#ports.directory.changeUser(usable.name, { lastSeenAt: this.#ports.clock.now() })
    return usable
  }

  /** What a user may do in the console; null: nothing. */
  async roleOf(user: StoredUser): Promise<Role | null> {
    if (user.id === 1 || user.id === 2) return 'admin'
    const groups = await this.groupsOf(user.name)
    return operatorGroups.find(({ group }) => groups.has(group.toLowerCase()))?.role ?? null
  }

  /** Lower-case names of the groups that the user is in, directly or through other groups (4d.md DIR-09). */
  async groupsOf(userName: string): Promise<ReadonlySet<string>> {
    const groups = await this.#ports.directory.groups()
    const user = userName.toLowerCase()
    const found = new Set<string>()
    const enter = (group: StoredGroup): void => {
      const key = group.name.toLowerCase()
      if (found.has(key)) return
      found.add(key)
      for (const outer of groups) if (outer.groups.some((inner) => inner.toLowerCase() === key)) enter(outer)
    }
    for (const group of groups) if (group.users.some((member) => member.toLowerCase() === user)) enter(group)
    return found
  }

  async addUser(name: string, password: string | null, groups: readonly string[]): Promise<void> {
    if (name.trim() === '' || name !== name.trim() || name.length > 100)
      throw new TesseraError('BAD_REQUEST', 'A user name has 1 to 100 characters, without blanks around it.')
    const passwordHash = password === null ? null : await this.#hash(name, password, shortestPassword)
    const known = await this.#needGroups(groups)
    const user = await this.#ports.directory.addUser({ name, alias: null, passwordHash })
    for (const group of known) await this.#ports.directory.putGroup({ ...group, users: [...group.users, user.name] })
    this.#changed(name)
  }

  async setPassword(name: string, password: string | null): Promise<void> {
    const user = await this.#need(name)
    const shortest = (await this.roleOf(user)) === null ? shortestPassword : shortestOperatorPassword
    const passwordHash = password === null ? null : await this.#hash(name, password, shortest)
    await this.#ports.directory.changeUser(user.name, { passwordHash })
    this.#changed(name)
  }

  async setEnabled(name: string, enabled: boolean): Promise<void> {
    await this.#ports.directory.changeUser((await this.#need(name)).name, { enabled })
    this.#changed(name)
  }

  async removeUser(name: string): Promise<void> {
    await this.#ports.directory.removeUser(name)
    this.#changed(name)
  }

  async putGroup(group: StoredGroup): Promise<void> {
    if (group.name.trim() === '' || group.name.length > 100) throw new TesseraError('BAD_REQUEST', 'A group name has 1 to 100 characters.')
    await this.#ports.directory.putGroup(group)
    this.#changed(group.name)
  }

  async userRows(iso: (at: number) => string): Promise<DirectoryUserRow[]> {
    const [users, groups] = await Promise.all([this.#ports.directory.users(), this.#ports.directory.groups()])
    return users.map(({ name, alias, passwordHash, enabled, lastSeenAt }) => ({
      name,
      ...(alias === null ? {} : { alias }),
      groups: groups.filter((group) => group.users.includes(name)).map((group) => group.name),
      enabled,
      hasPassword: passwordHash !== null,
      lastSeenAt: lastSeenAt === null ? null : iso(lastSeenAt),
    }))
  }

  async groupRows(): Promise<DirectoryGroupRow[]> {
    const groups = await this.#ports.directory.groups()
    return groups.map(({ name, users, groups: inner }) => ({ name, users: [...users], groups: [...inner] }))
  }

  async #need(name: string): Promise<StoredUser> {
    const user = await this.#ports.directory.findUser(name)
    if (user === null) throw new TesseraError('USER_NOT_FOUND', `There is no user "${name.slice(0, 100)}".`)
    return user
  }

  async #needGroups(names: readonly string[]): Promise<StoredGroup[]> {
    const groups = await this.#ports.directory.groups()
    return names.map((name) => {
      const group = groups.find((each) => each.name.toLowerCase() === name.toLowerCase())
      if (group === undefined) throw new TesseraError('GROUP_NOT_FOUND', `There is no group "${name.slice(0, 100)}".`)
      return group
    })
  }

  async #hash(name: string, password: string, shortest: number): Promise<string> {
    if (password.length < shortest) throw new TesseraError('PASSWORD_TOO_WEAK', `The password needs at least ${shortest} characters.`)
    if (password.length > longestPassword) throw new TesseraError('BAD_REQUEST', `A password has at most ${longestPassword} characters.`)
    if (password.toLowerCase().includes(name.toLowerCase())) throw new TesseraError('PASSWORD_TOO_WEAK', 'The password must not hold the user name.')
    return this.#ports.hasher.hashPassword(password)
  }

  #changed(what: string): void {
    this.#ports.bus.emit({ name: 'directory.changed', what })
  }
}

const nameOf = ({ name, alias }: StoredUser): string => alias ?? name
