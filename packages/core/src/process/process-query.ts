import type { ProcessChip, ProcessQuery, ProcessSort } from '@tessera/protocol'
import type { ProcessId } from '../ids.ts'
import type { ProcessCpu } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import type { Process } from './process.ts'

/** A process together with what the list of processes says of it. */
export interface ListedProcess {
  process: Process
  session: Session
}

type Cpu = ReadonlyMap<ProcessId, ProcessCpu>
type Test = (listed: ListedProcess) => boolean

/** Every process of these sessions. */
export const listProcesses = (sessions: Iterable<Session>): ListedProcess[] =>
  [...sessions].flatMap((session) => [...session.processes.values()].map((process) => ({ process, session })))

/** Those of them that the query means, in no order. */
export const matchProcesses = (listed: readonly ListedProcess[], query: ProcessQuery): ListedProcess[] => {
  const test = compileQuery(query)
  return listed.filter(test)
}

/** How many processes each chip alone would show. */
export const countProcessChips = (listed: readonly ListedProcess[]): Record<ProcessChip, number> => {
  const counts: Record<ProcessChip, number> = { executing: 0, waiting: 0, paused: 0, twin: 0, storedProcedure: 0, web: 0 }
  for (const { process } of listed) {
    if (process.kind !== 'databaseMethod') counts[process.kind] += 1
    const { state } = process
    if (state === 'executing' || state === 'waiting' || state === 'paused') counts[state] += 1
  }
  return counts
}

export const compareProcesses = ({ column, direction }: ProcessSort, cpu: Cpu): ((a: ListedProcess, b: ListedProcess) => number) => {
  const key = sortKeys[column]
  const sign = direction === 'ascending' ? 1 : -1
  return (a, b) => sign * compare(key(a, cpu), key(b, cpu)) || compare(a.process.number, b.process.number)
}

const sortKeys: Record<ProcessSort['column'], (listed: ListedProcess, cpu: Cpu) => string | number> = {
  number: ({ process }) => process.number,
  name: ({ process }) => process.name.toLowerCase(),
  userName: ({ session }) => session.user.name.toLowerCase(),
  kind: ({ process }) => process.kind,
  state: ({ process }) => process.state,
  method: ({ process }) => process.running?.method.toLowerCase() ?? '',
  startedAt: ({ process }) => process.since,
  cpuUsage: ({ process }, cpu) => cpu.get(process.id)?.cpuUsage ?? 0,
  queued: ({ process }) => process.queued,
  calls: ({ process }) => process.calls,
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)

const stateChips: ReadonlySet<ProcessChip> = new Set(['executing', 'waiting', 'paused'])

const compileQuery = ({ text, chips, session, process: wanted }: ProcessQuery): Test => {
  const states: ReadonlySet<string> = new Set(chips.filter((chip) => stateChips.has(chip)))
  const kinds: ReadonlySet<string> = new Set(chips.filter((chip) => !stateChips.has(chip)))
  const tests: Test[] = []
  if (session !== null) tests.push((listed) => listed.session.id === session)
  if (wanted !== null) tests.push(({ process }) => process.id === wanted)
  if (states.size > 0) tests.push(({ process }) => states.has(process.state))
  if (kinds.size > 0) tests.push(({ process }) => kinds.has(process.kind))
  const words = text
    .split(';')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '')
  if (words.length > 0) tests.push((listed) => words.some((word) => fieldsOf(listed).some((field) => field.toLowerCase().includes(word))))
  return (listed) => tests.every((test) => test(listed))
}

const fieldsOf = ({ process, session }: ListedProcess): string[] => [
  process.name,
  process.running?.method ?? '',
  session.user.name,
  String(process.number),
  process.isolate ?? '',
]
