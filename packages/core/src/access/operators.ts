import { type OperatorRow, type Role, TesseraError } from '@tessera/protocol'
import type { Actor } from '../actor.ts'
import type { OperatorSession } from '../commands.ts'
import type { Credential, CredentialKind } from '../ports/credential-store.ts'
import type { Ports } from '../ports/index.ts'
import type { Directory } from './directory.ts'
import { shortestOperatorPassword } from './passwords.ts'
import { Throttle } from './throttle.ts'

type OperatorPorts = Pick<Ports, 'bus' | 'clock' | 'credentials' | 'hasher' | 'ids'>
type Operator = Extract<Actor, { kind: 'operator' }>

/** Console sessions: idle by the operator's own acts, and in all (6-security.md E1). */
const idleMs = 30 * 60_000
const totalMs = 12 * 3_600_000
const linkMs = 15 * 60_000
/** How stale `lastUsedAt` may be before it is written again. */
const touchMs = 60_000

/** Who administers: by link, password, token, or as the owner on the server's own machine. */
export class Operators {
  readonly #ports: OperatorPorts
  readonly #directory: Directory
  readonly #throttle: Throttle

  constructor(ports: OperatorPorts, directory: Directory) {
    this.#ports = ports
    this.#directory = directory
    this.#throttle = new Throttle(ports.clock)
  }

  /** @throws TesseraError `BAD_CREDENTIALS`, `TOO_MANY_ATTEMPTS`. */
  async signIn(name: string, password: string, address: string): Promise<Omit<OperatorSession, 'operator'> & Named> {
    const user = await this.#directory.verify(name, password, address)
    const role = await this.#directory.roleOf(user)
    if (role === null) throw new TesseraError('NOT_ALLOWED', `${user.name} may not administer: the groups Operators and Viewers may.`)
    // It was long enough when it was set, and its owner came to administer later.
    if (password.length < shortestOperatorPassword)
      throw new TesseraError('PASSWORD_TOO_WEAK', `Who administers needs a password of ${shortestOperatorPassword} characters: ask for a new one.`)
    return this.#open(user.name, role)
  }

  /** A one-time link's secret becomes a console session. @throws TesseraError `BAD_CREDENTIALS`, `TOO_MANY_ATTEMPTS`. */
  async exchange(token: string, address: string): Promise<Omit<OperatorSession, 'operator'> & Named> {
    const keys = [`address ${address}`]
    this.#throttle.check(keys)
    const hash = this.#ports.hasher.digest(token)
    // Looked at before it is taken: a bearer token given here by mistake must not be used up.
    const isLink = (await this.#ports.credentials.find(hash))?.kind === 'link'
    const link = isLink ? await this.#ports.credentials.take(hash) : null
    if (link === null || this.#expired(link)) {
      this.#throttle.failed(keys)
      throw new TesseraError('BAD_CREDENTIALS', 'This link was used or has expired: make a new one with `tessera admin link`.')
    }
    return this.#open(link.name, link.role)
  }

  async signOut(token: string): Promise<void> {
    await this.#end(this.#ports.hasher.digest(token))
  }

  /** Ends all console sessions of a user. */
  async signOutUser(name: string): Promise<void> {
    const credentials = await this.#ports.credentials.list('console')
    for (const credential of credentials) if (credential.name === name) await this.#end(credential.hash)
  }

  /** After groups changed: ends the console sessions of users who may not do any more what they signed in for. */
  async recheck(): Promise<void> {
    for (const { hash, name, role } of await this.#ports.credentials.list('console')) {
      const user = await this.#directory.findUser(name)
      if (user === null || (await this.#directory.roleOf(user)) !== role) await this.#end(hash)
    }
  }

  /**
   * Whose bearer secret this is, or null. `active`: the operator does something, so the console session is not idle; the
   * console's own traffic is not (5-console.md).
   */
  async authenticate(token: string, active: boolean): Promise<Operator | null> {
    const hash = this.#ports.hasher.digest(token)
    const credential = await this.#ports.credentials.find(hash)
    if (credential === null || this.#expired(credential)) return null
    const via = viaOf[credential.kind]
    if (via === null) return null
    const now = this.#ports.clock.now()
    if (active && now - (credential.lastUsedAt ?? 0) > touchMs) {
      const expiresAt = credential.kind === 'console' ? Math.min(credential.createdAt + totalMs, now + idleMs) : credential.expiresAt
      await this.#ports.credentials.touch(hash, now, expiresAt)
    }
    return { kind: 'operator', name: credential.name, role: credential.role, via }
  }

  async createToken(name: string, role: Role): Promise<{ name: string; role: Role; token: string }> {
    if (!/^[\w.-]{1,100}$/.test(name)) throw new TesseraError('BAD_REQUEST', 'A token is named with 1 to 100 letters, digits, dots, dashes or underscores.')
    return { name, role, token: await this.#issue('token', name, role, null) }
  }

  async createLink(): Promise<{ token: string; expiresAt: string }> {
    const expiresAt = this.#ports.clock.now() + linkMs
    return { token: await this.#issue('link', 'Administrator', 'admin', expiresAt), expiresAt: new Date(expiresAt).toISOString() }
  }

  /** The secret of the local CLI, new at each start of the server. */
  async createOwner(): Promise<string> {
    await this.#ports.credentials.remove('owner', 'owner')
    return this.#issue('owner', 'owner', 'admin', null)
  }

  async #open(name: string, role: Role): Promise<Omit<OperatorSession, 'operator'> & Named> {
    await this.#ports.credentials.sweep(this.#ports.clock.now())
    const expiresAt = this.#ports.clock.now() + idleMs
    return { token: await this.#issue('console', name, role, expiresAt), expiresAt: new Date(expiresAt).toISOString(), name, role }
  }

  async #issue(kind: CredentialKind, name: string, role: Role, expiresAt: number | null): Promise<string> {
    const token = this.#ports.ids.secret()
    const createdAt = this.#ports.clock.now()
    await this.#ports.credentials.put({ hash: this.#ports.hasher.digest(token), kind, name, role, createdAt, expiresAt, lastUsedAt: createdAt })
    return token
  }

  async #end(hash: string): Promise<void> {
    await this.#ports.credentials.take(hash)
    this.#ports.bus.emit({ name: 'operator.signedOut', hash })
  }

  #expired({ expiresAt }: Credential): boolean {
    return expiresAt !== null && expiresAt <= this.#ports.clock.now()
  }
}

type Named = Pick<OperatorRow, 'name' | 'role'>

/** A link is no bearer: it is only exchanged. */
const viaOf: Record<CredentialKind, Operator['via'] | null> = { owner: 'owner', token: 'token', console: 'console', link: null }
