import { asCallId, asDigest, asProcessId, asSessionId, type RunOutcome, usualExecution } from '@tessera/core'
import { expect, test } from 'vitest'
import { createInlineHost } from '../src/inline-host.ts'
import { InlineLink } from '../src/inline-link.ts'
import { IsolateHandle } from '../src/isolate-handle.ts'
import { type WantedRun, wantRun } from '../src/wanted-run.ts'
import { eventually } from './contract/contract-room.ts'
import { writeHalf } from './fixture-half.ts'
import { isolateHostContract } from './isolate-host.contract.ts'
import { blankInfo } from './session-info.ts'

isolateHostContract({ kind: 'inline', create: (logger) => createInlineHost({ logger }), execution: usualExecution, shownAs: 'inline', apart: false })

test('X26 a run that has begun inline is not begun again, whatever ends its isolate', async () => {
  const half = await writeHalf({
    'methods/never': 'globalThis.begunInline = 0; export default () => { globalThis.begunInline += 1; return new Promise(() => {}) }\n',
  })
  const spared: WantedRun[] = []
  const silent = () => {}
  const handle = new IsolateHandle({ id: 'one', digest: asDigest('d1'), directory: half.directory }, (events) => new InlineLink(events), {
    onReady: silent,
    onBusy: silent,
    onEnded: silent,
    onAsk: silent,
    onProgress: silent,
    onVariables: silent,
    onLog: silent,
    onWatch: silent,
    onSpared: (_, run) => spared.push(run),
  })
  await handle.opened
  const process = { id: asProcessId('p1'), number: 1, name: 'main', sessionId: asSessionId('S') }
  handle.placeSession({ facts: { id: process.sessionId, info: blankInfo, privileges: [] }, storage: { clock: 0, slots: [] } })
  handle.openProcess(process, [])
  const outcome = new Promise<RunOutcome>((resolve) => {
    const target = { kind: 'method', name: 'never' } as const
    handle.run(wantRun({ call: asCallId('c1'), digest: asDigest('d1'), process, target, args: '[]', onServerOnly: false, resultBytes: 1000 }, resolve))
  })
  await eventually(() => Reflect.get(globalThis, 'begunInline') === 1)
  handle.kill('a test ended it')
  expect(spared).toEqual([])
  expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED' } })
  await half.remove()
})
