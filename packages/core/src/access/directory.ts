import { ConnectionRefused, type DirectoryGroupRow, type DirectoryUserRow, type Role, TesseraError } from '@tessera/protocol'
import type { Introduction } from '../commands.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import type { StoredGroup, StoredUser } from '../ports/directory-store.ts'
import type { Ports } from '../ports/index.ts'
import type { MethodFacts } from '../ports/isolate-host.ts'
import { hashPassword } from './passwords.ts'
import { Throttle } from './throttle.ts'

type DirectoryPorts = Pick<Ports, 'bus' | 'clock' | 'directory' | 'hasher'>

/** Designer may do anything (4d.md DIR-04). */
const designerId = 1
const administratorId = 2

/** Groups whose members administer, besides Designer and Administrator. */
export const operatorGroups: readonly { group: string; role: Role }[] = [
  { group: 'Operators', role: 'operator' },
  { group: 'Viewers', role: 'viewer' },
]

/** Who people are: users and groups, sign-in, and what a user may administer (4d.md DIR-01..14). */
export class Directory {
  readonly #ports: DirectoryPorts
  readonly #throttle: Throttle
  readonly #changes = new OneAtATime()

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
    const found = await this.#ports.directory.findUser(name)
    // One account has one key, whichever of its names is given.
    const keys = [found === null ? `name ${name.toLowerCase()}` : `account ${found.id}`, `address ${address}`]
    this.#throttle.check(keys)
    const usable = found?.enabled === true ? found : null
    const right = await this.#ports.hasher.verifyPassword(password, usable?.passwordHash ?? null)
    // Again: of many guesses made at once, those that come after too many failures learn nothing (SPEC A16).
    this.#throttle.check(keys)
    if (usable === null || !right) {
      this.#throttle.failed(keys)
      throw wrongCredentials()
    }
    const seen = await this.#ports.directory.changeUser(usable.name, { lastSeenAt: this.#ports.clock.now() })
    if (!seen.enabled || seen.passwordHash !== usable.passwordHash) throw wrongCredentials()
    this.#throttle.succeeded(keys)
    return seen
  }

  /** What a user may do in the console; null: nothing. */
  async roleOf(user: StoredUser): Promise<Role | null> {
    if (user.id === designerId || user.id === administratorId) return 'admin'
    return roleIn(await this.#groupsOf(user.name))
  }

  /** Whether a user may call a method that names groups (SPEC A17). @throws TesseraError `NOT_ALLOWED`. */
  async permit({ id, name }: { id: number; name: string }, { name: method, groups }: MethodFacts): Promise<void> {
    if (id === designerId) return
    const user = await this.#ports.directory.findUser(name)
    const held = user?.id === id ? await this.#groupsOf(user.name) : new Set()
    if (groups.some((group) => held.has(group.toLowerCase()))) return
    throw new TesseraError('NOT_ALLOWED', `The method "${method}" is for users of: ${groups.join(', ')}.`)
  }

  addUser(name: string, password: string | null, groups: readonly string[]): Promise<void> {
    if (name.trim() === '' || name !== name.trim() || name.length > 100)
      throw new TesseraError('BAD_REQUEST', 'A user name has 1 to 100 characters, without blanks around it.')
    return this.#changes.run(async () => {
      const all = await this.#ports.directory.groups()
      const known = groups.map((group) => needGroup(all, group))
      const operates = roleIn(containing(all, known)) !== null
      const passwordHash = password === null ? null : await hashPassword(this.#ports.hasher, { name, password, operates })
      const user = await this.#ports.directory.addUser({ name, alias: null, passwordHash })
      for (const group of known) await this.#ports.directory.putGroup({ ...group, users: [...group.users, user.name] })
      this.#changed(name)
    })
  }

  setPassword(name: string, password: string | null): Promise<StoredUser> {
    return this.#change(name, async (user) => {
      const operates = (await this.roleOf(user)) !== null
      const passwordHash = password === null ? null : await hashPassword(this.#ports.hasher, { name: user.name, password, operates })
      return { passwordHash }
    })
  }

  setEnabled(name: string, enabled: boolean): Promise<StoredUser> {
    return this.#change(name, async () => ({ enabled }))
  }

  removeUser(name: string): Promise<StoredUser> {
    return this.#changes.run(async () => {
      const user = await this.#need(name)
      await this.#ports.directory.removeUser(user.name)
      this.#changed(name)
      return user
    })
  }

  putGroup(group: StoredGroup): Promise<void> {
    if (group.name.trim() === '' || group.name.length > 100) throw new TesseraError('BAD_REQUEST', 'A group name has 1 to 100 characters.')
    return this.#changes.run(async () => {
      await this.#ports.directory.putGroup(group)
      this.#changed(group.name)
    })
  }

  findUser(name: string): Promise<StoredUser | null> {
    return this.#ports.directory.findUser(name)
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

  #change(name: string, change: (user: StoredUser) => Promise<Partial<StoredUser>>): Promise<StoredUser> {
    return this.#changes.run(async () => {
      const user = await this.#need(name)
      const changed = await this.#ports.directory.changeUser(user.name, await change(user))
      this.#changed(name)
      return changed
    })
  }

  /** Lower-case names of the groups that the user is in, directly or through other groups (4d.md DIR-09). */
  async #groupsOf(userName: string): Promise<ReadonlySet<string>> {
    const groups = await this.#ports.directory.groups()
    const user = userName.toLowerCase()
    return containing(
      groups,
      groups.filter(({ users }) => users.some((member) => member.toLowerCase() === user)),
    )
  }

  #changed(what: string): void {
    this.#ports.bus.emit({ name: 'directory.changed', what })
  }
}

const nameOf = ({ name, alias }: StoredUser): string => alias ?? name

const wrongCredentials = (): TesseraError => new TesseraError('BAD_CREDENTIALS', 'The name or the password is not right.')

const roleIn = (groups: ReadonlySet<string>): Role | null => operatorGroups.find(({ group }) => groups.has(group.toLowerCase()))?.role ?? null

/** Lower-case names of these groups and of all that contain them. */
const containing = (all: readonly StoredGroup[], inner: readonly StoredGroup[]): ReadonlySet<string> => {
  const found = new Set<string>()
  const waiting = [...inner]
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    const key = group.name.toLowerCase()
    if (found.has(key)) continue
    found.add(key)
    waiting.push(...all.filter(({ groups }) => groups.some((name) => name.toLowerCase() === key)))
  }
  return found
}

const needGroup = (all: readonly StoredGroup[], name: string): StoredGroup => {
  const group = all.find((each) => each.name.toLowerCase() === name.toLowerCase())
  if (group === undefined) throw new TesseraError('GROUP_NOT_FOUND', `There is no group "${name.slice(0, 100)}".`)
  return group
}
