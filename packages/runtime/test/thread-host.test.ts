import { usualExecution } from '@tessera/core'
import { createIsolatePool } from '../src/process-pool.ts'
import { threadEntry } from './fixture-half.ts'
import { isolateHostContract } from './isolate-host.contract.ts'

const execution = { ...usualExecution, host: 'thread', isolates: 2 } as const
isolateHostContract({ kind: 'thread', create: (logger) => createIsolatePool({ logger, threadEntry }), execution, shownAs: 'thread', apart: true })
