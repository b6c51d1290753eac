import type { SessionChip, SessionQuery, SessionSort, SessionStateName } from '@tessera/protocol'
import type { Versions } from '../version/versions.ts'
import type { Session } from './session.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  sessions: Sessions
  versions: Versions
}

type Test = (session: Session) => boolean

/** All sessions that the query means, in no order. */
export const matchSessions = (rooms: Rooms, query: SessionQuery): Session[] => {
  const test = compileQuery(query, rooms.versions)
  return [...rooms.sessions.all()].filter(test)
}

/** How many sessions each chip alone would show. */
export const countChips = ({ sessions, versions }: Rooms): Record<SessionChip, number> => {
  const counts: Record<SessionChip, number> = {
    remote: 0,
    storedProcedures: 0,
    standalone: 0,
    web: 0,
    counted: 0,
    outdated: 0,
    postponed: 0,
    sleeping: 0,
    unreachable: 0,
  }
  for (const session of sessions.all()) {
    counts[session.kind] += 1
    if (session.counted) counts.counted += 1
    if (isOutdated(session, versions)) counts.outdated += 1
    const { name } = session.state
    if (name === 'postponed' || name === 'sleeping' || name === 'unreachable') counts[name] += 1
  }
  return counts
}

/** How many sessions are in each state. */
export const countStates = (sessions: Sessions): Record<SessionStateName, number> => {
  const counts: Record<SessionStateName, number> = { opening: 0, active: 0, postponed: 0, sleeping: 0, unreachable: 0, draining: 0, closed: 0 }
  for (const session of sessions.all()) counts[session.state.name] += 1
  return counts
}

/** Whether the session runs another version than the one that newcomers get. */
export const isOutdated = (session: Session, versions: Versions): boolean => session.version !== versions.current

export const compareSessions = ({ column, direction }: SessionSort): ((a: Session, b: Session) => number) => {
  const key = sortKeys[column]
  const sign = direction === 'ascending' ? 1 : -1
  return (a, b) => sign * compare(key(a), key(b)) || compare(a.id, b.id)
}

const sortKeys: Record<SessionSort['column'], (session: Session) => string | number> = {
  userName: ({ user }) => user.name.toLowerCase(),
  machineName: ({ machineName }) => machineName.toLowerCase(),
  address: ({ address }) => address,
  kind: ({ kind }) => kind,
  state: ({ state }) => state.name,
  version: ({ version }) => version.publishedAt,
  createdAt: ({ createdAt }) => createdAt,
  lastActivityAt: ({ lastActivityAt }) => lastActivityAt,
  calls: ({ calls }) => calls,
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)

const compileQuery = ({ text, chips }: SessionQuery, versions: Versions): Test => {
  const kinds = chips.filter((chip) => kindChips.has(chip))
  const others = chips.filter((chip) => !kindChips.has(chip))
  const tests: Test[] = [...others.map((chip) => chipTest(chip, versions)), ...textTests(text, versions)]
  if (kinds.length > 0) tests.push((session) => kinds.includes(session.kind))
  return (session) => tests.every((test) => test(session))
}

const kindChips: ReadonlySet<SessionChip> = new Set(['remote', 'storedProcedures', 'standalone', 'web'])

const chipTest = (chip: SessionChip, versions: Versions): Test => {
  if (chip === 'counted') return (session) => session.counted
  if (chip === 'outdated') return (session) => isOutdated(session, versions)
  return (session) => session.state.name === chip
}

/** `name:value` terms narrow (AND); what is left is words, where `;` means OR (4d.md ADM-11). */
const textTests = (text: string, versions: Versions): Test[] => {
  const tests: Test[] = []
  const rest = text.replaceAll(/(\w+):("[^"]*"|[^\s;]+)/g, (whole, name: string, value: string) => {
    const read = terms.get(name.toLowerCase())
    if (read === undefined) return whole
    const wanted = value.replaceAll('"', '').toLowerCase()
    tests.push((session) => read(session, versions).some((field) => field.toLowerCase().includes(wanted)))
    return ' '
  })
  const words = rest
    .split(';')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '')
  if (words.length > 0) tests.push((session) => words.some((word) => plainFields(session).some((field) => field.toLowerCase().includes(word))))
  return tests
}

const plainFields = ({ id, user, machineName, address }: Session): string[] => [user.name, machineName, address, id]

const terms = new Map<string, (session: Session, versions: Versions) => readonly string[]>([
  ['user', ({ user }) => [user.name]],
  ['machine', ({ machineName }) => [machineName]],
  ['ip', ({ address }) => [address]],
  ['id', ({ id }) => [id]],
  ['version', ({ version }) => [version.id, version.digest]],
  ['state', ({ state }) => [state.name]],
  ['kind', ({ kind }) => [kind]],
  ['privilege', ({ privileges }) => privileges],
  [
    'is',
    (session, versions) => [
      ...(isOutdated(session, versions) ? ['outdated'] : []),
      ...(session.counted ? ['counted'] : []),
      ...(session.otps.keptCounts.replayed > 0 ? ['replayed'] : []),
    ],
  ],
])
