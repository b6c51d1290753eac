import { createInlineHost } from '../src/inline-host.ts'
import { isolateHostContract } from './isolate-host.contract.ts'

isolateHostContract('inline', (logger) => createInlineHost({ logger }))
