import { availableParallelism } from 'node:os'
import type { IsolateHost, Logger } from '@tessera/core'
import type { BackOff } from './back-off.ts'
import { IsolatePool } from './pool.ts'
import { defaultEntry, ProcessLink } from './process-host.ts'
import { usualQuietMs } from './quarantine.ts'
import { usualLimits, type WatchdogLimits } from './watchdog.ts'

export interface IsolatePoolOptions {
  logger: Logger
  /** Isolates of each version; by default one for each core, and at least two. */
  size?: number
  /** Heap of each isolate, in MiB. */
  heapMb?: number
  /** Environment variables for project code; it is given no others but PATH, TZ, LANG and NODE_ENV. */
  env?: Readonly<Record<string, string>>
  openTimeoutMs?: number
  stopTimeoutMs?: number
  backOff?: BackOff
  /** So long after a version is open one more isolate is started, to stand in for others; null: none. */
  spareAfterMs?: number | null
  limits?: Partial<WatchdogLimits>
  quietMs?: number
  /** The compiled `serve.js`, where it is not beside this file. */
  entry?: string
}

/** Runs project code in child processes. */
export const createIsolatePool = (options: IsolatePoolOptions): IsolateHost => {
  const { logger } = options
  const link = {
    entry: options.entry ?? defaultEntry,
    heapMb: options.heapMb ?? 512,
    env: options.env ?? {},
    stopTimeoutMs: options.stopTimeoutMs ?? 2_000,
    onOutput: (text: string) => logger.warn(text.trimEnd(), { from: 'isolate' }),
  }
  return new IsolatePool({
    logger,
    size: options.size ?? Math.max(2, availableParallelism()),
    startLink: (events) => new ProcessLink(link, events),
    openTimeoutMs: options.openTimeoutMs ?? 15_000,
    backOff: options.backOff ?? { firstMs: 100, maxMs: 10_000, healthyMs: 10_000 },
    spareAfterMs: options.spareAfterMs === undefined ? 1_000 : options.spareAfterMs,
    limits: { ...usualLimits, ...options.limits },
    quietMs: options.quietMs ?? usualQuietMs,
  })
}
