import type { SessionInfo } from './session.ts'

/** 0: both (usual), 1: processes only, 2: sessions only (4d.md PRC-40). */
export type ActivityOptions = 0 | 1 | 2

/** What runs, with 4D's names (4d.md PRC-40): `processes` and, on the server, `sessions`, unless the options leave one out. */
export interface ProcessActivity {
  processes?: readonly ProcessInfo[]
  sessions?: readonly SessionInfo[]
}

/** One process (4d.md PRC-46). */
export interface ProcessInfo {
  ID: string
  /** Of this machine: the same process has another number on its client (4d.md PRC-49). */
  number: number
  name: string
  sessionID: string
  /** -100 does not exist, -1 aborted, 0 executing, 1 delayed, 2 waiting for a user event, 3 for I/O, 4 for its turn, 5 paused (4d.md PRC-47). */
  state: number
  /** 1 stored procedure, 4 any other of a user, -13 of a browser, -18 the server's own (4d.md PRC-48). */
  type: number
  /** ISO 8601. */
  creationDateTime: string
  /** Seconds of CPU that it used; 0 where that is not told apart. */
  cpuTime: number
  /** Its share of one core over the last seconds, 0..1. */
  cpuUsage: number
  /** False: the processes of one isolate take turns at its event loop. */
  preemptive: boolean
  /** The operating system's id of where it runs; null before its first call, and where that is the server itself. */
  systemID: number | null
  visible: boolean
  /** On the server, unless the options ask for processes only (4d.md PRC-43). */
  session?: SessionInfo
}
