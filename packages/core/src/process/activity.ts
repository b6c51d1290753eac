import type { ActivityOptions, ProcessActivity, ProcessInfo } from '@tessera/kit'
import type { ProcessKind, ProcessState } from '@tessera/protocol'
import { asSessionId } from '../ids.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import type { ProcessCpu } from '../ports/isolate-host.ts'
import type { Session } from '../session/session.ts'
import type { Sessions } from '../session/sessions.ts'
import type { Process } from './process.ts'

export interface ActivityWanted {
  /** Null: of all sessions. */
  session: string | null
  options: ActivityOptions
}

/** What runs now, as 4D's Process activity tells it (4d.md PRC-40..48). */
export class Activity {
  readonly #ports: Pick<Ports, 'clock' | 'isolates'>
  readonly #isLocal: boolean
  readonly #sessions: Sessions

  constructor(ports: Pick<Ports, 'clock' | 'isolates'>, { standalone }: Pick<EngineOptions, 'standalone'>, sessions: Sessions) {
    this.#ports = ports
    this.#isLocal = standalone
    this.#sessions = sessions
  }

  /** Null for a session that is none (4d.md PRC-42). Alone, it is the list of processes, whatever was asked for (4d.md PRC-41). */
  show({ session: id, options }: ActivityWanted): ProcessActivity | null {
    if (this.#isLocal) return { processes: this.#processesOf([...this.#sessions.all()], false) }
    const named = id === null ? undefined : this.#sessions.find(asSessionId(id))
    if (id !== null && named === undefined) return null
    const chosen = named === undefined ? [...this.#sessions.all()] : [named]
    const now = this.#ports.clock.now()
    return {
      ...(options === 2 ? {} : { processes: this.#processesOf(chosen, options === 0) }),
      ...(options === 1 ? {} : { sessions: chosen.map((session) => session.info(now)) }),
    }
  }

  #processesOf(sessions: readonly Session[], withSession: boolean): ProcessInfo[] {
    const cpu = this.#ports.isolates.cpu()
    const pids = new Map(this.#ports.isolates.isolates().map(({ id, pid }) => [id, pid]))
    const now = this.#ports.clock.now()
    return sessions.flatMap((session) => {
      const told = withSession ? { session: session.info(now) } : {}
      return [...session.processes.values()].map((process) => ({
        ...infoOf(process, cpu.get(process.id)),
        systemID: pids.get(process.isolate ?? '') ?? null,
        ...told,
      }))
    })
  }
}

const infoOf = (process: Process, cpu: ProcessCpu | undefined): Omit<ProcessInfo, 'systemID'> => ({
  ID: process.id,
  number: process.number,
  name: process.name,
  sessionID: process.sessionId,
  state: states[process.state],
  type: types[process.kind],
  creationDateTime: new Date(process.openedAt).toISOString(),
  cpuTime: (cpu?.cpuMs ?? 0) / 1000,
  cpuUsage: cpu?.cpuUsage ?? 0,
  preemptive: false,
  visible: false,
})

/** 4d.md PRC-47. */
const states: Readonly<Record<ProcessState, number>> = { executing: 0, idle: 2, waiting: 4, paused: 5, failed: -1, ended: -100 }

/** 4d.md PRC-48. */
const types: Readonly<Record<ProcessKind, number>> = { storedProcedure: 1, twin: 4, web: -13, databaseMethod: -18 }
