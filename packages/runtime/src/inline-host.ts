import type { IsolateHost, Logger } from '@tessera/core'
import { InlineLink } from './inline-link.ts'
import { IsolatePool } from './pool.ts'
import { usualQuietMs } from './quarantine.ts'
import { usualLimits } from './watchdog.ts'

/**
 * Runs project code in this very process, one isolate for each version: for standalone use, tests and step debugging.
 * It isolates nothing: a loop stops everything and nobody watches, an exit ends everything, what nobody catches is Node's to
 * handle. A call that is aborted is let go, where its code yields.
 */
export const createInlineHost = (options: { logger: Logger }): IsolateHost =>
  new IsolatePool({
    logger: options.logger,
    host: 'inline',
    size: 1,
    startLink: (events) => new InlineLink(events),
    openTimeoutMs: 60_000,
    backOff: { firstMs: 100, maxMs: 10_000, healthyMs: 10_000 },
    spareAfterMs: null,
    limits: usualLimits,
    quietMs: usualQuietMs,
  })
