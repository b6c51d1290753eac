import type { DatabaseMethodName } from '../ports/isolate-host.ts'
import type { Executor } from '../process/executor.ts'
import type { Processes } from '../process/processes.ts'
import type { Versions } from '../version/versions.ts'
import type { Procedures } from './procedures.ts'

interface Rooms {
  procedures: Procedures
  processes: Processes
  executor: Executor
  versions: Versions
}

/** Runs a database method of the server's own life in the stored-procedures session (4d.md SES-12, DBM-03, DBM-04). */
export const runServerMethod = async ({ procedures, processes, executor, versions }: Rooms, name: DatabaseMethodName): Promise<void> => {
  const { session } = procedures
  const { version } = session
  const process = processes.create(session, { kind: 'databaseMethod', name, version })
  // It may publish the next version itself, and runs to its end on this one.
  versions.pin(version, process.id)
  try {
    await executor.database(session, process, { name, args: '[]' })
  } finally {
    processes.forget(session, process)
    versions.unpin(version, process.id)
  }
}
