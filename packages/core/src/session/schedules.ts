import { type ScheduleRow, TesseraError } from '@tessera/protocol'
import type { ProcessId } from '../ids.ts'
import type { Cancel } from '../ports/clock.ts'
import type { Ports } from '../ports/index.ts'
import type { ScheduleFacts } from '../version/project-settings.ts'
import type { Versions } from '../version/versions.ts'
import type { ProcedureRun } from './procedure-run.ts'
import type { Procedures } from './procedures.ts'

type SchedulePorts = Pick<Ports, 'bus' | 'clock' | 'logger' | 'timetable'>

interface Rooms {
  versions: Versions
  procedures: Procedures
}

interface LastRun {
  at: number
  processId: string
  /** Null while it runs. */
  ok: boolean | null
  message: string | null
}

interface Planned {
  facts: ScheduleFacts
  nextAt: number | null
  last: LastRun | null
  skipped: number
}

/** It looks at the clock at least so often: a clock that was set, or a machine that slept, is noticed by then. */
const longestWaitMs = 60_000

/**
 * Stored procedures that the clock starts: those of the current version, from when the server runs until it stops. One
 * timer looks after all. A time that came while no server ran, or while the run of the time before went on, is left out.
 */
export class Schedules {
  readonly #ports: SchedulePorts
  readonly #rooms: Rooms
  #planned: readonly Planned[] = []
  #state: 'waiting' | 'open' | 'stopped' = 'waiting'
  #cancelTimer: Cancel | null = null

  constructor(ports: SchedulePorts, rooms: Rooms) {
    this.#ports = ports
    this.#rooms = rooms
  }

  begin(): void {
    if (this.#state !== 'waiting') return
    this.#state = 'open'
    this.follow()
  }

  /** Another version is the current one: its schedules are in force. What keeps its name keeps its past. */
  follow(): void {
    if (this.#state !== 'open') return
    const now = this.#ports.clock.now()
    const before = new Map(this.#planned.map((planned) => [planned.facts.name, planned]))
    this.#planned = this.#rooms.versions.needCurrent().package.facts.schedules.map((facts) => this.#plan(facts, before.get(facts.name), now))
    this.#wait()
  }

  stop(): void {
    this.#state = 'stopped'
    this.#cancelTimer?.()
  }

  /** Starts its procedure now. @throws TesseraError `SCHEDULE_NOT_FOUND`; `ILLEGAL_STATE` while a run of it goes on. */
  start(name: string): { processId: ProcessId; number: number } {
    const planned = this.#planned.find(({ facts }) => facts.name === name)
    if (planned === undefined) throw new TesseraError('SCHEDULE_NOT_FOUND', `The current version has no schedule "${name.slice(0, 100)}".`)
    if (isRunning(planned)) throw new TesseraError('ILLEGAL_STATE', `The schedule "${name}" runs already.`)
    const { id, number } = this.#start(planned).process
    return { processId: id, number }
  }

  rows(iso: (at: number) => string): ScheduleRow[] {
    return this.#planned.map(({ facts: { name, cron, timeZone, method }, nextAt, last, skipped }) => ({
      name,
      cron,
      timeZone,
      method,
      nextAt: nextAt === null ? null : iso(nextAt),
      last: last === null ? null : { ...last, at: iso(last.at) },
      skipped,
    }))
  }

  /** A time that is near at hand is not lost by a publish: what is due when keeps its next time. */
  #plan(facts: ScheduleFacts, before: Planned | undefined, now: number): Planned {
    if (before === undefined) return { facts, nextAt: this.#nextAt(facts, now), last: null, skipped: 0 }
    const same = before.facts.cron === facts.cron && before.facts.timeZone === facts.timeZone
    return Object.assign(before, { facts, nextAt: same ? before.nextAt : this.#nextAt(facts, now) })
  }

  #nextAt({ cron, timeZone }: ScheduleFacts, after: number): number | null {
    return this.#ports.timetable.nextAt(cron, timeZone, after)
  }

  #wait(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    const next = this.#planned.reduce((least, { nextAt }) => Math.min(least, nextAt ?? least), Number.POSITIVE_INFINITY)
    if (this.#state !== 'open' || next === Number.POSITIVE_INFINITY) return
    this.#cancelTimer = this.#ports.clock.after(Math.min(Math.max(0, next - this.#ports.clock.now()), longestWaitMs), () => this.#look())
  }

  #look(): void {
    const now = this.#ports.clock.now()
    for (const planned of this.#planned) {
      if (planned.nextAt === null || planned.nextAt > now) continue
      planned.nextAt = this.#nextAt(planned.facts, now)
      this.#due(planned)
    }
    this.#wait()
  }

  #due(planned: Planned): void {
    const { bus, logger, clock } = this.#ports
    const { name } = planned.facts
    if (isRunning(planned)) {
      planned.skipped += 1
      bus.emit({ name: 'schedule.skipped', schedule: name })
      return
    }
    try {
      this.#start(planned)
    } catch (error) {
      const message = error instanceof TesseraError ? error.message : String(error)
      planned.last = { at: clock.now(), processId: '', ok: false, message }
      logger.error('A scheduled procedure could not be started', { schedule: name, detail: message })
      bus.emit({ name: 'schedule.failed', schedule: name, message })
    }
  }

  #start(planned: Planned): ProcedureRun {
    const { name, method, args } = planned.facts
    const request = { method, args, name, unique: false }
    const run = this.#rooms.procedures.start(request, this.#rooms.versions.needCurrent(), { kind: 'schedule', session: null, label: `schedule ${name}` })
    const processId = run.process.id
    const last: LastRun = { at: this.#ports.clock.now(), processId, ok: null, message: null }
    planned.last = last
    this.#ports.bus.emit({ name: 'schedule.started', schedule: name, processId })
    void run.outcome.then((outcome) => {
      last.ok = outcome.ok
      last.message = outcome.ok ? null : outcome.error.message
      this.#ports.bus.emit({ name: 'schedule.ended', schedule: name, processId, ok: outcome.ok })
    })
    return run
  }
}

const isRunning = ({ last }: Planned): boolean => last !== null && last.ok === null
