import type { StorableText } from '@tessera/protocol'

/** How the project's code is run: `execution` in tessera.json. */
export interface ProjectExecution {
  host: 'process' | 'thread'
  /** `per-session`: an isolate for each session. */
  placement: 'shared' | 'per-session'
  /** Isolates of each version; null: one for each core, and at least two. */
  isolates: number | null
  /** Most heap of one isolate. */
  heapMb: number
  /** Most resident memory of one isolate, its buffers included. */
  residentMb: number
  /** For calls that bring no deadline of their own and whose method has none; null: none. */
  deadlineMs: number | null
  /** Largest result of one call; null: as large as arguments may be. */
  resultBytes: number | null
}

/** A stored procedure that starts by the clock: a line of `schedules` in tessera.json. */
export interface ScheduleFacts {
  name: string
  /** Five or six fields. */
  cron: string
  /** IANA name; null: the server's own. */
  timeZone: string | null
  method: string
  /** Storable text of the list of arguments. */
  args: StorableText
}

/** `callLog` in tessera.json. */
export interface CallLogSettings {
  enabled: boolean
  slowMs: number
  /** Whether arguments are kept with the calls. */
  arguments: boolean
}

export const usualExecution: ProjectExecution = {
  host: 'process',
  placement: 'shared',
  isolates: null,
  heapMb: 512,
  residentMb: 1024,
  deadlineMs: null,
  resultBytes: null,
}
export const usualCallLog: CallLogSettings = { enabled: true, slowMs: 1000, arguments: false }
