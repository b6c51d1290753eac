import type { SessionInfo } from '@tessera/kit'
import { type OtpCounts, type SessionDetail, type SessionKind, type SessionRow, TesseraError } from '@tessera/protocol'
import { expandPrivileges } from '../access/roles.ts'
import type { WaitingMessage } from '../commands.ts'
import type { SessionId } from '../ids.ts'
import type { Cancel } from '../ports/clock.ts'
import type { SessionFacts, SessionSeed } from '../ports/isolate-host.ts'
import type { Process } from '../process/process.ts'
import type { StorageDocument } from '../storage/storage-document.ts'
import { StorageHistory } from '../storage/storage-history.ts'
import type { Turns } from '../storage/turns.ts'
import type { Version } from '../version/version.ts'
import { checkMove, type SessionState } from './session-state.ts'

export interface SessionOptions {
  id: SessionId
  kind: SessionKind
  user: { id: number; name: string }
  machineName: string
  systemUserName: string
  hostType: string
  address: string
  version: Version
  storage: StorageDocument
  turns: Turns
  at: number
  mayPostpone?: boolean
}

export interface PendingReload {
  version: Version
  deadlineAt: number
  reason: string
}

/** A user's context on the server (4d.md SES-08, SES-40): what all processes of one client share. */
export class Session {
  readonly id: SessionId
  readonly kind: SessionKind
  readonly user: { id: number; name: string }
  readonly machineName: string
  readonly systemUserName: string
  readonly hostType: string
  readonly createdAt: number
  readonly storage: StorageDocument
  readonly history: StorageHistory
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
  /** The process that opens with the session and closes with it. */
  main: Process | null = null
  /** What the calls that were not answered yet take. */
  waitingBytes = 0
  calls = 0
  errors = 0
  lastActivityAt: number
  stateSince: number
  /** Put back after a restart of the server. */
  restored = false
  /** Since its client was welcomed last. */
  restarted = false
  /** One-time tokens, by what became of them. */
  otps: OtpCounts = { live: 0, issued: 0, redeemed: 0, expired: 0, replayed: 0 }
  readonly mayPostpone: boolean
  /** What the client has not received yet, oldest first. */
  messages: readonly WaitingMessage[] = []
  #lastMessage = 0
  #state: SessionState = { name: 'opening' }
  /** As set, by lower-case name. */
  #privileges = new Set<string>()
  #held: readonly string[] = []

  constructor(options: SessionOptions) {
    this.id = options.id
    this.kind = options.kind
    this.user = options.user
    this.machineName = options.machineName
    this.systemUserName = options.systemUserName
    this.hostType = options.hostType
    this.address = options.address
    this.version = options.version
    this.storage = options.storage
    this.history = new StorageHistory(options.storage.seed().slots)
    this.turns = options.turns
    this.createdAt = options.at
    this.lastActivityAt = options.at
    this.stateSince = options.at
    this.mayPostpone = options.mayPostpone ?? false
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
  move(to: SessionState): void {
    checkMove(this.#state, to)
    this.#state = to
  }

  /** Whether it takes a licence (4d.md LICN-01). */
  get counted(): boolean {
    return this.kind === 'remote' || this.kind === 'web'
  }

  /** As declared by the roles of the version that the session runs. */
  get privilegesSet(): readonly string[] {
    const { privileges } = this.version.package.facts.roles
    return [...this.#privileges].map((key) => privileges.get(key)?.name ?? key).sort()
  }

  get privileges(): readonly string[] {
    return this.#held
  }

  /** Adds what the version's roles declare; the rest is ignored and answered (4d.md SES-34, SES-36). */
  addPrivileges(names: readonly string[], roleNames: readonly string[]): { ignored: string[] } {
    const { privileges, roles } = this.version.package.facts.roles
    const ignored: string[] = []
    const add = (name: string): void => {
      const key = name.trim().toLowerCase()
      if (privileges.has(key)) this.#privileges.add(key)
      else if (key !== '') ignored.push(name)
    }
    names.forEach(add)
    for (const name of roleNames) {
      const role = roles.get(name.trim().toLowerCase())
      if (role === undefined) ignored.push(name)
      else role.privileges.forEach(add)
    }
    this.refreshPrivileges()
    return { ignored }
  }

  clearPrivileges(): void {
    this.#privileges.clear()
    this.refreshPrivileges()
  }

  /** Inclusions follow the roles of the version that the session runs. */
  refreshPrivileges(): void {
    this.#held = expandPrivileges(this.version.package.facts.roles, this.#privileges)
  }

  /** @throws TesseraError `PROCESS_NOT_FOUND`. */
  needProcess(number: number): Process {
    const process = this.processes.get(number)
    if (process === undefined) throw new TesseraError('PROCESS_NOT_FOUND', `The session has no process ${number}.`)
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
    return { id: this.id, info: this.info(now), privileges: this.#held }
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
      privileges: [...this.#held],
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

  detail(iso: (at: number) => string, outdated: boolean): SessionDetail {
    return {
      ...this.row(iso, outdated),
      systemUserName: this.systemUserName,
      hostType: this.hostType,
      restored: this.restored,
      otps: { ...this.otps },
      shares: [],
      web: null,
      storageClock: this.storage.clock,
      storageBytes: this.storage.bytes,
      privilegesSet: [...this.privilegesSet],
      processList: [...this.processes.values()].map((process) => process.row(iso)),
    }
  }
}
