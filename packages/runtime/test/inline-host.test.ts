import { usualExecution } from '@tessera/core'
import { createInlineHost } from '../src/inline-host.ts'
import { isolateHostContract } from './isolate-host.contract.ts'

isolateHostContract({ kind: 'inline', create: (logger) => createInlineHost({ logger }), execution: usualExecution, shownAs: 'inline', apart: false })
