import type { ProcessActivity } from '@tessera/kit'
import type {
  AuditRow,
  CallRow,
  CatalogRow,
  DirectoryGroupRow,
  DirectoryUserRow,
  ExplanationRow,
  IsolateCounts,
  IsolateRow,
  LicencesReport,
  LicencesRow,
  MessageReceiptRow,
  MethodRow,
  OrderRow,
  Page,
  ProcessesWindow,
  ProcessQuery,
  ProcessRow,
  ProcessSort,
  ProgressSeen,
  RegisteredClientRow,
  RolesRow,
  ScheduleRow,
  ServerRow,
  SessionDetail,
  SessionQuery,
  SessionRow,
  SessionSort,
  SessionsWindow,
  StorageHistoryRows,
  StorageRows,
  TokenRow,
  VersionRow,
} from '@tessera/protocol'
import { explain, type Question } from './access/explain.ts'
import { showRoles } from './access/show-roles.ts'
import type { Actor } from './actor.ts'
import type { EngineRooms } from './engine-rooms.ts'
import type { Digest, ProcessId, SessionId } from './ids.ts'
import type { EngineOptions, Ports } from './ports/index.ts'
import type { IsolateActivity, ProcessCpu } from './ports/isolate-host.ts'
import type { LoggedVersion } from './ports/version-log.ts'
import type { ActivityWanted } from './process/activity.ts'
import type { CallsWanted } from './process/call-log.ts'
import { compareProcesses, countProcessChips, type ListedProcess, listProcesses, matchProcesses } from './process/process-query.ts'
import type { Session } from './session/session.ts'
import { compareSessions, countChips, countStates, isOutdated, matchSessions } from './session/session-query.ts'
import type { Publisher } from './version/publisher.ts'

interface Window {
  query: SessionQuery
  sort: SessionSort
  offset: number
  limit: number
}

/** Everything that edges may look at. */
export interface Reads {
  server(): Promise<ServerRow>
  sessions(window: Omit<Window, 'offset'> & { cursor: string | null }): Page<SessionRow>
  sessionsWindow(window: Window): SessionsWindow
  /** @throws TesseraError `SESSION_NOT_FOUND`, as do the next three. */
  session(id: string): SessionDetail
  storage(id: string): StorageRows
  /** `after`: only the changes of a later clock. */
  storageHistory(id: string, after?: number): StorageHistoryRows
  privileges(id: string): { session: string; privileges: string[]; set: string[] }
  /** What is in force, and what is wrong with the file that is not. */
  roles(): RolesRow
  /** @throws TesseraError `SESSION_NOT_FOUND`, `BAD_REQUEST`. */
  explain(id: string, question: Question): ExplanationRow
  /** Clients to which methods can be sent (4d.md PRC-34). */
  clients(): RegisteredClientRow[]
  /** How far an order is. @throws TesseraError `SENDING_NOT_FOUND`, as does the next. */
  order(id: string): OrderRow
  /** Who has received a message. */
  receipt(id: string): MessageReceiptRow
  /** The id of the one stored-procedures session. */
  proceduresSession(): SessionId
  processes(session: string | null): ProcessRow[]
  processesWindow(window: { query: ProcessQuery; sort: ProcessSort; offset: number; limit: number }): ProcessesWindow
  procedures(): ProcessRow[]
  /** As `procedure.progress`. @throws TesseraError `PROCESS_NOT_FOUND`. */
  progress(processId: ProcessId, after: number): Promise<ProgressSeen>
  schedules(): ScheduleRow[]
  isolates(): IsolateRow[]
  /** What runs, as 4D tells it; null for a session that is none (4d.md PRC-40, PRC-42). */
  activity(wanted: ActivityWanted): ProcessActivity | null
  /** Calls that ended, newest first; those of sessions that have ended too. */
  calls(wanted: CallsWanted): CallRow[]
  methods(): MethodRow[]
  versions(): Promise<{ current: string | null; versions: VersionRow[] }>
  users(): Promise<DirectoryUserRow[]>
  groups(): Promise<DirectoryGroupRow[]>
  catalog(): Promise<CatalogRow>
  tokens(): Promise<TokenRow[]>
  audit(options: { limit: number; before: number | null }): Promise<readonly AuditRow[]>
  licences(): LicencesReport
  identity(): Promise<{ serverId: string; project: string }>
  /** Whose bearer secret this is. */
  operator(token: string, active: boolean): Promise<Extract<Actor, { kind: 'operator' }> | null>
  /** Which package the holder of a session ticket may download. */
  ticket(ticket: string): ReadonlySet<Digest> | null
  /** What a client must be told again when it comes back. */
  pendingReload(id: SessionId): Session['pendingReload']
}

/** Answers reads from the engine's rooms. */
export const createReads = (
  ports: Ports,
  options: EngineOptions,
  rooms: EngineRooms & { publisher: Publisher },
  server: () => Pick<ServerRow, 'state'> & { startedAt: number },
): Reads => {
  const { sessions, versions, procedures, directory, operators, publisher, entry, licences } = rooms
  const iso = (at: number): string => new Date(at).toISOString()
  const rowOf = (session: Session): SessionRow => session.row(iso, isOutdated(session, versions))
  const processRow = ({ process, session }: ListedProcess, cpu: ReadonlyMap<ProcessId, ProcessCpu>): ProcessRow =>
    process.row(iso, { userName: session.user.name, cpu: cpu.get(process.id) })
  const sorted = ({ query, sort }: Pick<Window, 'query' | 'sort'>): Session[] => matchSessions(rooms, query).sort(compareSessions(sort))
  const clientsOn = (id: string): number => {
    let count = 0
    for (const session of sessions.all()) if (session.version.id === id && session.kind !== 'storedProcedures') count += 1
    return count
  }
  return {
    server: async () => ({
      ...(await publisher.identity()),
      publication: versions.current?.package.facts.publication ?? '',
      project: versions.current?.package.facts.project ?? '',
      state: server().state,
      startedAt: iso(server().startedAt),
      version: versions.current?.label ?? null,
      productVersion: options.productVersion,
      protocolVersion: options.protocolVersion,
      sessions: { ...sessions.counts },
      states: countStates(sessions),
      replayedOtps: [...sessions.all()].reduce((sum, { otps }) => sum + otps.keptCounts.replayed, 0),
      outdated: countChips(rooms).outdated,
      licences: licencesRow(licences.report),
      entry: entry.row,
      rolesProblem: sessions.roles.problem,
      drift: [...rooms.reconciler.drift],
      restartProblems: [...rooms.restore.problems],
      rejectedBuild: publisher.rejected,
      isolates: countIsolates(ports.isolates.isolates()),
      callLog: versions.current?.package.facts.callLog ?? null,
    }),
    sessions: ({ query, sort, limit, cursor }) => {
      const matching = sorted({ query, sort })
      const from = Math.max(0, Math.trunc(Number(cursor ?? 0) || 0))
      const rows = matching.slice(from, from + limit).map(rowOf)
      const next = from + rows.length
      return { rows, total: sizeOf(sessions.counts), matching: matching.length, cursor: next < matching.length ? String(next) : null }
    },
    sessionsWindow: ({ query, sort, offset, limit }) => {
      const matching = sorted({ query, sort })
      const rows = matching.slice(offset, offset + limit).map(rowOf)
      return { total: sizeOf(sessions.counts), matching: matching.length, counts: countChips(rooms), offset, order: rows.map(({ id }) => id), rows }
    },
    session: (id) => {
      const session = sessions.need(id)
      return session.detail(iso, isOutdated(session, versions), ports.clock.now())
    },
    storage: (id) => {
      const session = sessions.need(id)
      return session.storage.rows(session.id, iso)
    },
    storageHistory: (id, after) => {
      const session = sessions.need(id)
      return { session: session.id, changes: session.history.rows(iso, after) }
    },
    privileges: (id) => {
      const session = sessions.need(id)
      return { session: session.id, privileges: [...session.privileges], set: [...session.privilegesSet] }
    },
    roles: () => showRoles(sessions.roles, iso),
    explain: (id, question) => explain(sessions.need(id), question),
    clients: () => rooms.orders.rows(iso),
    order: (id) => rooms.orders.look(id),
    receipt: (id) => rooms.acts.lookAtReceipt(id),
    proceduresSession: () => procedures.session.id,
    processes: (id) => {
      const cpu = ports.isolates.cpu()
      return listProcesses(id === null ? sessions.all() : [sessions.need(id)]).map((listed) => processRow(listed, cpu))
    },
    processesWindow: ({ query, sort, offset, limit }) => {
      const cpu = ports.isolates.cpu()
      const all = listProcesses(sessions.all())
      const matching = matchProcesses(all, query).sort(compareProcesses(sort, cpu))
      const rows = matching.slice(offset, offset + limit).map((listed) => processRow(listed, cpu))
      return { total: all.length, matching: matching.length, counts: countProcessChips(all), offset, order: rows.map(({ id }) => id), rows }
    },
    procedures: () => {
      const cpu = ports.isolates.cpu()
      return procedures.list().map((process) => processRow({ process, session: procedures.session }, cpu))
    },
    progress: async (id, after) => procedures.need(id).feed.next(after),
    schedules: () => rooms.schedules.rows(iso),
    isolates: () => ports.isolates.isolates().map((isolate) => isolateRow(isolate, versions.ofDigest(isolate.digest)?.id ?? null, iso)),
    activity: (wanted) => rooms.activity.show(wanted),
    calls: (wanted) => rooms.callLog.list(wanted, iso),
    methods: () => [...(versions.current?.methods.values() ?? [])].map(({ name, onServer, exposed }) => ({ name, onServer, exposed })),
    versions: async () => {
      const isolates = ports.isolates.isolates()
      const rows = versions.history().map((logged) => {
        const version = versions.find(logged.id)
        if (version === undefined) return pastRow(logged, iso)
        return version.row(iso, clientsOn(version.id), isolates.filter(({ digest }) => digest === version.digest).length)
      })
      return { current: versions.current?.id ?? null, versions: rows.reverse() }
    },
    users: () => directory.userRows(iso),
    groups: () => directory.groupRows(),
    catalog: () => ports.catalog.read(),
    tokens: async () => {
      const tokens = await ports.credentials.list('token')
      return tokens.map(({ name, role, createdAt, lastUsedAt, hash }) => ({
        name,
        role,
        createdAt: iso(createdAt),
        lastUsedAt: lastUsedAt === null ? null : iso(lastUsedAt),
        fingerprint: hash.slice(0, 6),
      }))
    },
    audit: (wanted) => ports.audit.list(wanted),
    licences: () => licences.report,
    identity: () => publisher.identity(),
    operator: (token, active) => operators.authenticate(token, active),
    ticket: (ticket) => {
      const session = sessions.findByTicket(ports.hasher.digest(ticket))
      if (session === undefined) return null
      const digests = [session.version.digest, session.pendingReload?.version.digest, versions.current?.digest]
      return new Set(digests.filter((digest) => digest !== undefined))
    },
    pendingReload: (id) => sessions.find(id)?.pendingReload ?? null,
  }
}

const sizeOf = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

const countIsolates = (isolates: readonly IsolateActivity[]): IsolateCounts => ({
  total: isolates.length,
  blocked: isolates.filter(({ state }) => state === 'blocked').length,
  quarantined: isolates.filter(({ quarantined }) => quarantined !== null).length,
})

const licencesRow = ({ maximum, used, remote, web }: LicencesReport): LicencesRow => ({ maximum, used, remote, web })

/** A version whose code is no longer loaded. */
const pastRow = ({ id, digest, state, publishedAt, publishedBy, bytes }: LoggedVersion, iso: (at: number) => string): VersionRow => ({
  id,
  digest,
  state,
  publishedAt: iso(publishedAt),
  bytes,
  sessions: 0,
  publishedBy,
  methods: 0,
  isolates: 0,
})

const isolateRow = ({ digest: _digest, quarantined, ...isolate }: IsolateActivity, version: string | null, iso: (at: number) => string): IsolateRow => ({
  ...isolate,
  version,
  quarantined: quarantined === null ? null : { ...quarantined, since: iso(quarantined.since) },
})
