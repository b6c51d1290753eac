import { availableParallelism } from 'node:os'
import { type IsolateHost, type Logger, type ProjectExecution, usualExecution } from '@tessera/core'
import type { BackOff } from './back-off.ts'
import { gated } from './gated-link.ts'
import type { StartLink } from './isolate-link.ts'
import { IsolatePool, type VersionOptions } from './pool.ts'
import { defaultEntry, ProcessLink } from './process-host.ts'
import { usualQuietMs } from './quarantine.ts'
import { residentReader } from './resident-memory.ts'
import { ResidentWatch } from './resident-watch.ts'
import { StartGate } from './start-gate.ts'
import { defaultThreadEntry, ThreadLink } from './thread-host.ts'
import { usualLimits, type WatchdogLimits } from './watchdog.ts'

export interface IsolatePoolOptions {
  logger: Logger
  /** Isolates of each version, whatever its project says. */
  size?: number
  /** Heap of each isolate in MiB, whatever its project says. */
  heapMb?: number
  /** Environment variables for project code; it is given no others but PATH, TZ, LANG and NODE_ENV. */
  env?: Readonly<Record<string, string>>
  openTimeoutMs?: number
  stopTimeoutMs?: number
  /** With placement `per-session`: after so long without a call a session's isolate is ended, by the next round. */
  ownIdleMs?: number
  /** Isolates of a version that start at one time. */
  startsAtOnce?: number
  backOff?: BackOff
  /** So long after a version is open one more isolate is started, to stand in for others; null: none. */
  spareAfterMs?: number | null
  limits?: Partial<WatchdogLimits>
  quietMs?: number
  /** The compiled `serve.js` and `thread-serve.js`, where they are not beside this file. */
  entry?: string
  threadEntry?: string
}

/** Runs project code in child processes or threads, as each version's project wants it: `execution` in its tessera.json. */
export const createIsolatePool = (options: IsolatePoolOptions): IsolateHost => {
  const reader = residentReader()
  return new IsolatePool({
    ...versionOptions(options, usualExecution),
    logger: options.logger,
    resident: reader === null ? null : new ResidentWatch(reader),
    ofVersion: (execution) => versionOptions(options, execution),
    limits: { ...usualLimits, ...options.limits },
    quietMs: options.quietMs ?? usualQuietMs,
  })
}

const cores = availableParallelism()

const versionOptions = (options: IsolatePoolOptions, execution: ProjectExecution): VersionOptions => {
  const { host, placement, residentMb } = execution
  const shared = placement === 'shared'
  return {
    host,
    // Where each session has its own, so many wait warm for the next ones.
    size: options.size ?? execution.isolates ?? (shared ? Math.max(2, cores) : 1),
    startLink: gated(new StartGate(options.startsAtOnce ?? Math.max(2, cores)), startLinkOf(options, execution)),
    openTimeoutMs: options.openTimeoutMs ?? 15_000,
    backOff: options.backOff ?? { firstMs: 100, maxMs: 10_000, healthyMs: 10_000 },
    // Where each session has its own there are warm ones anyway.
    spareAfterMs: !shared ? null : options.spareAfterMs === undefined ? 1_000 : options.spareAfterMs,
    ...(host === 'process' ? { residentMb } : {}),
    ...(shared ? {} : { own: { idleMs: options.ownIdleMs ?? 300_000, lingerMs: 5_000 } }),
  }
}

const startLinkOf = (options: IsolatePoolOptions, { host, heapMb }: ProjectExecution): StartLink => {
  const link = {
    heapMb: options.heapMb ?? heapMb,
    env: options.env ?? {},
    stopTimeoutMs: options.stopTimeoutMs ?? 2_000,
    onOutput: (text: string) => options.logger.warn(text.trimEnd(), { from: 'isolate' }),
  }
  const entry = host === 'thread' ? (options.threadEntry ?? defaultThreadEntry) : (options.entry ?? defaultEntry)
  return host === 'thread' ? (events) => new ThreadLink({ ...link, entry }, events) : (events) => new ProcessLink({ ...link, entry }, events)
}
