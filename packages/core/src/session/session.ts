import type { SessionInfo } from '@tessera/kit'
import { type SessionDetail, type SessionKind, type SessionRow, TesseraError } from '@tessera/protocol'
import { OtpBook } from '../access/otp-book.ts'
import { type Held, heldNames, hold } from '../access/roles/held.ts'
import { guest, keyOf, none, type Roles } from '../access/roles/roles.ts'
import type { RolesInForce } from '../access/roles-in-force.ts'
import { shareRows, type WebKey } from '../access/web-keys.ts'
import type { WaitingMessage } from '../commands.ts'
import type { SessionId } from '../ids.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import type { Cancel } from '../ports/clock.ts'
import type { SessionFacts, SessionSeed } from '../ports/isolate-host.ts'
import { KeyedBook } from '../process/keyed-book.ts'
import type { Process } from '../process/process.ts'
import type { StorageDocument } from '../storage/storage-document.ts'
import { StorageHistory } from '../storage/storage-history.ts'
import type { Turns } from '../storage/turns.ts'
import type { Version } from '../version/version.ts'
import type { OrderQueue } from './order-queue.ts'
import type { SessionParts } from './session-parts.ts'
import { checkMove, type SessionState } from './session-state.ts'
import { isWebGuest, newWebState, type WebState, webExpiresAt } from './web-state.ts'

export interface SessionOptions {
  id: SessionId
  kind: SessionKind
  user: { id: number; name: string }
  machineName: string
  systemUserName: string
  hostType: string
  address: string
  version: Version
  roles: RolesInForce
  storage: StorageDocument
  turns: Turns
  createdAt: number
  now: number
  mayPostpone?: boolean
}

export interface PendingReload {
  version: Version
  deadlineAt: number
  reason: string
}

const noKeys: ReadonlySet<WebKey> = new Set()

/** A user's context on the server (4d.md SES-08, SES-40): what all processes of one client share. */
export class Session {
  readonly id: SessionId
  readonly kind: SessionKind
  /** Changes in web sessions alone: nobody until project code says who it is (4d.md SES-21). */
  user: { id: number; name: string }
  readonly machineName: string
  readonly systemUserName: string
  readonly hostType: string
  readonly createdAt: number
  readonly storage: StorageDocument
  readonly history = new StorageHistory()
  readonly turns: Turns
  readonly processes = new Map<number, Process>()
  address: string
  version: Version
  /** Numbers given to connections; the latest one counts. */
  connection = 0
  /** SHA-256 of the resume tokens that are good: the latest, and the one it replaced, in case the latest never arrived. */
  resumeHashes: readonly string[] = []
  ticketHash: string | null = null
  pendingReload: PendingReload | null = null
  /** Calls that arrive while the session goes from one version to another wait for this. */
  moving: Promise<void> | null = null
  movingTo: Version | null = null
  cancelTimer: Cancel | null = null
  /** How its client is about to leave, while that is being kept. */
  leaving: 'sleeping' | 'postponed' | null = null
  /** Ends when it is kept that the session ends. */
  ending: Promise<void> | null = null
  /** Messages that are being kept. */
  keptMessages = 0
  /** The process that opens with the session and closes with it. */
  main: Process | null = null
  /** Ends when every change of the storage that was decided is settled or dropped. */
  settling: Promise<unknown> | null = null
  /** What the session keeps besides its storage changes one thing at a time. */
  readonly changes = new OneAtATime()
  /** Calls that were not answered yet, and what they take. */
  waitingCalls = 0
  waitingBytes = 0
  /** Calls that came with an idempotency key; null until there was one. */
  keyed: KeyedBook | null = null
  calls = 0
  errors = 0
  lastActivityAt: number
  stateSince: number
  /** The journal has it: a restart would know of it. */
  kept = false
  /** Put back after a restart of the server. */
  restored = false
  /** Not told to its client yet. */
  restarted = false
  readonly mayPostpone: boolean
  /** What the client has not received yet, oldest first. */
  messages: readonly WaitingMessage[] = []
  /** What is sent to its client to be run there; null until it registers. */
  orders: OrderQueue | null = null
  readonly otps = new OtpBook()
  /** Null for all but web sessions. */
  readonly web: WebState | null
  /** Where calls from browsers run, once there was one. */
  webProcess: Process | null = null
  /** Null until a browser holds one. */
  #keys: Set<WebKey> | null = null
  #lastMessage = 0
  #state: SessionState = { name: 'opening' }
  /** As set, by lower-case name. */
  #privileges = new Set<string>()
  #held: Held
  /** The names of these, as declared, without what everybody holds. */
  #heldNames: readonly string[] = []
  readonly #roles: RolesInForce

  constructor(options: SessionOptions) {
    this.id = options.id
    this.kind = options.kind
    this.user = options.user
    this.machineName = options.machineName
    this.systemUserName = options.systemUserName
    this.hostType = options.hostType
    this.address = options.address
    this.version = options.version
    this.#roles = options.roles
    this.#held = hold(this.roles, [])
    this.storage = options.storage
    this.turns = options.turns
    this.createdAt = options.createdAt
    this.lastActivityAt = options.now
    this.stateSince = options.now
    this.mayPostpone = options.mayPostpone ?? false
    this.web = options.kind === 'web' ? newWebState() : null
  }

  /** What browsers hold to get in. */
  get keys(): ReadonlySet<WebKey> {
    return this.#keys ?? noKeys
  }

  addKey(key: WebKey): void {
    this.#keys ??= new Set()
    this.#keys.add(key)
  }

  removeKey(key: WebKey): void {
    this.#keys?.delete(key)
  }

  /** Numbers rise for as long as the session lives, so that its client shows each message once. */
  nextMessage(): number {
    this.#lastMessage += 1
    return this.#lastMessage
  }

  get state(): SessionState {
    return this.#state
  }

  /** @throws TesseraError `ILLEGAL_STATE`, `SESSION_ENDED`. */
  move(to: SessionState, at: number): void {
    checkMove(this.#state, to)
    if (to.name !== this.#state.name) this.stateSince = at
    this.#state = to
  }

  /** A session that waits for its client does so until then at least. */
  waitUntil(least: number): void {
    if ('removedAt' in this.#state && this.#state.removedAt < least) this.#state = { ...this.#state, removedAt: least }
  }

  /** Puts back what a journal kept, but for what belongs to other rooms: version, processes and tokens. */
  restore({ messages, lastMessage, privileges, keyed, storage }: Pick<SessionParts, 'messages' | 'lastMessage' | 'privileges' | 'keyed' | 'storage'>): void {
    this.kept = true
    this.restored = true
    this.restarted = true
    this.messages = messages
    this.#lastMessage = lastMessage
    this.keyed = keyed.size === 0 ? null : KeyedBook.restored(keyed)
    this.storage.restore(storage)
    this.setPrivileges(privileges)
  }

  /** Whether it takes a licence (4d.md LICN-01). */
  get counted(): boolean {
    return this.kind === 'remote' || this.web?.licensed === true
  }

  /** Takes new work: it has not ended, and is not about to. */
  get isOpen(): boolean {
    return this.#state.name !== 'closed' && this.#state.name !== 'draining'
  }

  /** False for every session that is none of the web (4d.md SES-41). */
  get isGuest(): boolean {
    return this.web !== null && isWebGuest(this, this.web)
  }

  /** Those in force: the server's, whatever version the session runs. */
  get roles(): Roles {
    return this.#roles.current
  }

  /** By their declared names; one that is not declared now stays set, and counts again once it is. */
  get privilegesSet(): readonly string[] {
    return [...this.#privileges].map((key) => this.roles.privileges.get(key)?.name ?? key).sort()
  }

  get privileges(): readonly string[] {
    return this.#heldNames
  }

  get held(): Held {
    return this.#held
  }

  /** What is set and what the roles in force declare of these; the rest is ignored and answered (4d.md SES-34, SES-36). */
  withPrivileges(names: readonly string[], roleNames: readonly string[]): { keys: readonly string[]; ignored: readonly string[] } {
    const { privileges, roles } = this.roles
    const keys = new Set(this.#privileges)
    const ignored: string[] = []
    const add = (name: string): void => {
      const key = keyOf(name)
      if (privileges.has(key) && key !== none) keys.add(key)
      else if (key !== '' && key !== guest) ignored.push(name)
    }
    names.forEach(add)
    for (const name of roleNames) {
      const role = roles.get(keyOf(name))
      if (role === undefined) ignored.push(name)
      else role.privileges.forEach(add)
    }
    return { keys: [...keys], ignored }
  }

  /** By lower-case name, in place of those before. */
  setPrivileges(keys: readonly string[]): void {
    this.#privileges = new Set(keys)
    this.refreshPrivileges()
  }

  /** Holds what the roles in force make of the names that are set. Answers whether that is something else than before. */
  refreshPrivileges(): boolean {
    const before = this.#heldNames
    this.#held = hold(this.roles, this.#privileges)
    this.#heldNames = heldNames(this.#held)
    return before.length !== this.#heldNames.length || before.some((name, at) => name !== this.#heldNames[at])
  }

  /** One of the client's own processes. @throws TesseraError `PROCESS_NOT_FOUND`. */
  needProcess(number: number): Process {
    const process = this.processes.get(number)
    if (process === undefined || process.kind === 'web') throw new TesseraError('PROCESS_NOT_FOUND', `The session has no process ${number}.`)
    return process
  }

  /** Resolves when nothing runs in the session: no call, no opening, no closing of a process. */
  async whenIdle(): Promise<void> {
    const busy = (): Process[] => [...this.processes.values()].filter((process) => !process.idle)
    for (let waiting = busy(); waiting.length > 0; waiting = busy()) await Promise.all(waiting.map((process) => process.whenIdle()))
  }

  info(now: number): SessionInfo {
    const unreachable = this.#state.name === 'unreachable' ? { unreachableSince: Math.floor((now - this.#state.since) / 1000) } : {}
    return {
      type: this.kind === 'storedProcedures' ? 'storedProcedure' : this.kind,
      userName: this.user.name,
      machineName: this.machineName,
      systemUserName: this.kind === 'remote' ? this.systemUserName : '',
      IPAddress: this.address,
      hostType: this.hostType,
      creationDateTime: new Date(this.createdAt).toISOString(),
      state: this.#state.name === 'opening' || this.#state.name === 'closed' ? 'active' : this.#state.name,
      ...unreachable,
      ID: this.id,
      persistentID: this.kind === 'remote' ? this.id : '',
    }
  }

  facts(now: number): SessionFacts {
    const web = this.#webFacts()
    return { id: this.id, info: this.info(now), privileges: this.#heldNames, ...(web === null ? {} : { web }) }
  }

  seed(now: number): SessionSeed {
    return { facts: this.facts(now), storage: this.storage.seed() }
  }

  row(iso: (at: number) => string, outdated: boolean): SessionRow {
    const state = this.#state
    return {
      id: this.id,
      kind: this.kind,
      userName: this.user.name,
      machineName: this.machineName,
      address: this.address,
      state: state.name,
      version: { ...this.version.label, outdated },
      privileges: [...this.#heldNames],
      processes: this.processes.size,
      createdAt: iso(this.createdAt),
      lastActivityAt: iso(this.lastActivityAt),
      stateSince: iso(this.stateSince),
      unreachableSince: state.name === 'unreachable' ? iso(state.since) : null,
      removedAt: 'removedAt' in state ? iso(state.removedAt) : null,
      pendingReload: this.pendingReload && {
        version: this.pendingReload.version.id,
        deadlineAt: iso(this.pendingReload.deadlineAt),
        reason: this.pendingReload.reason,
      },
      waitingMessages: this.messages.length,
      counted: this.counted,
      calls: this.calls,
      errors: this.errors,
    }
  }

  detail(iso: (at: number) => string, outdated: boolean, now: number): SessionDetail {
    return {
      ...this.row(iso, outdated),
      systemUserName: this.systemUserName,
      hostType: this.hostType,
      restored: this.restored,
      otps: this.otps.counts(now),
      shares: shareRows(this, iso),
      web: this.#webDetail(),
      storageClock: this.storage.clock,
      storageBytes: this.storage.bytes,
      privilegesSet: [...this.privilegesSet],
      processList: [...this.processes.values()].map((process) => process.row(iso, { userName: this.user.name })),
    }
  }

  #webFacts(): NonNullable<SessionFacts['web']> | null {
    if (this.web === null) return null
    return { guest: this.isGuest, idleTimeout: this.web.idleTimeoutMinutes, expirationDate: new Date(webExpiresAt(this, this.web)).toISOString() }
  }

  #webDetail(): SessionDetail['web'] {
    const facts = this.#webFacts()
    return facts && { guest: facts.guest, idleTimeoutMinutes: facts.idleTimeout, expirationDate: facts.expirationDate }
  }
}
