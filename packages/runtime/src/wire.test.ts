import { asCallId, asProcessId, asSessionId } from '@tessera/core'
import { expect, test } from 'vitest'
import { blankInfo } from '../test/session-info.ts'
import type { Down, Up } from './messages.ts'
import { decodeDown, decodeUp, type Envelope, encodeDown, encodeUp } from './wire.ts'

const call = asCallId('c1')
const process = asProcessId('p1')
const sessionId = asSessionId('S')
const delta = {
  from: 1,
  clock: 3,
  changes: [
    ['a', '1'],
    ['b', null],
    ['c', '{"x":"ä"}'],
  ],
} as const
const seed = { facts: { id: sessionId, info: blankInfo, privileges: ['a'] }, storage: { clock: 3, slots: [['a', '1']] } } as const

const down: Down[] = [
  { type: 'open', id: 'abc/1', directory: '/x' },
  { type: 'session', seed },
  { type: 'session.close', sessionId },
  { type: 'process', process: { id: process, number: 1, name: 'main', sessionId }, variables: [['cart', '[1]']] },
  { type: 'process.close', process },
  { type: 'run', call, process, target: { kind: 'method', name: 'orders/place' }, onServerOnly: true, args: '["\\u2028"]', resultBytes: 1000 },
  { type: 'run', call, process, target: { kind: 'method', name: 'm' }, onServerOnly: true, promoted: ['Books', 'a, "b"'], args: '[]', resultBytes: 1000 },
  { type: 'run', call, process, target: { kind: 'database', name: 'onServerStartup' }, onServerOnly: false, args: '[]', resultBytes: 1000 },
  { type: 'run', call, process, target: { kind: 'method', name: 'm' }, onServerOnly: false, args: '[]', resultBytes: 1, request: 'r-7', timed: true },
  { type: 'run', call, process, target: { kind: 'method', name: 'm' }, onServerOnly: true, args: '[]', resultBytes: 1, timed: true, promoted: ['a'] },
  { type: 'cancel', call, reason: 'no' },
  { type: 'delta', sessionId, delta },
  { type: 'delta', sessionId, delta: { ...delta, reset: true } },
  { type: 'facts', facts: seed.facts },
  { type: 'answer', ask: 1, answer: { kind: 'storage.commit', value: { won: false, since: delta } } },
  { type: 'answer', ask: 1, answer: { kind: 'storage.turn', value: { turn: 7, since: delta } } },
  { type: 'answer', ask: 1, answer: { kind: 'session.seed', value: seed } },
  { type: 'answer', ask: 1, answer: { kind: 'session.seed', value: null } },
  { type: 'answer', ask: 1, answer: { kind: 'privileges.set', value: { ok: true, privileges: ['a'] } } },
  { type: 'answer', ask: 1, answer: { kind: 'privileges.clear', value: { ok: true, privileges: [] } } },
  { type: 'answer', ask: 1, answer: { kind: 'procedure.start', value: { process, number: 3 } } },
  { type: 'answer', ask: 1, answer: { kind: 'procedure.result', value: { value: '{}' } } },
  { type: 'answer', ask: 1, answer: { kind: 'project.reload', value: { changed: true } } },
  { type: 'refused', ask: 1, error: { code: 'NOT_FOUND', message: 'x' } },
]

const timings = { runMs: 1.234, storageMs: 0.5, dataMs: 0 }
const asking = { type: 'ask', ask: 1, call, process, subscribe: false } as const
const up: Up[] = [
  { type: 'ready', methods: [{ name: 'a', onServer: true, exposed: false, groups: [], deadlineMs: null }], database: ['onExit'] },
  { type: 'rejected', error: { code: 'VERSION_REJECTED', message: 'x' } },
  { type: 'taken', runs: 5 },
  { type: 'ended', call, process, value: 'null', variables: [] },
  { type: 'ended', call, process, value: '[1]', variables: delta.changes },
  { type: 'ended', call, process, value: '1', variables: [], timings },
  { type: 'ended', call, process, value: '1', variables: [], timings: { runMs: 2, storageMs: 0, dataMs: 0 } },
  { type: 'ended', call, process, value: '1', variables: [], timings: { runMs: 2, storageMs: 0, dataMs: 1 } },
  { type: 'ended', call, process, value: '[1]', variables: delta.changes, timings },
  { type: 'failed', call, process, error: { code: 'METHOD_ERROR', message: 'x' }, variables: [], timings },
  { type: 'failed', call, process, error: { code: 'METHOD_ERROR', message: 'x', className: 'Error', stack: 's' }, variables: [['a', null]] },
  { ...asking, request: { kind: 'storage.commit', commit: { sessionId, base: 1, touched: ['a'], changes: delta.changes, turn: 2 } } },
  { ...asking, request: { kind: 'storage.turn', sessionId } },
  { ...asking, subscribe: true, request: { kind: 'session.seed', sessionId } },
  { ...asking, request: { kind: 'privileges.set', names: ['a'], roles: [] } },
  { ...asking, request: { kind: 'privileges.clear' } },
  { ...asking, request: { kind: 'procedure.start', method: 'm', args: '[]', processName: 'n', unique: true } },
  { ...asking, request: { kind: 'procedure.result', process } },
  { ...asking, request: { kind: 'project.reload' } },
  { type: 'progressed', call, process, fraction: 0.5, text: 'half' },
  { type: 'log', level: 'warn', text: 'x', method: null, sessionId: null, request: null },
]

const travel = ({ head, texts }: Envelope): Envelope => ({ head: JSON.parse(JSON.stringify(head)), texts })

test('X2 every message down arrives as it was sent', () => {
  for (const message of down) expect(decodeDown(travel(encodeDown(message)))).toEqual(message)
})

test('X2 every message up arrives as it was sent', () => {
  for (const message of up) expect(decodeUp(travel(encodeUp(message)))).toEqual(message)
})

test('X2 storable texts stay out of the heads', () => {
  const text = '"payload"'
  const carrying: Envelope[] = [
    encodeDown({ type: 'run', call, process, target: { kind: 'method', name: 'm' }, onServerOnly: true, args: text, resultBytes: 1000 }),
    encodeDown({ type: 'delta', sessionId, delta: { from: 0, clock: 1, changes: [['a', text]] } }),
    encodeUp({ type: 'ended', call, process, value: text, variables: [['v', text]] }),
    encodeUp({ ...asking, request: { kind: 'storage.commit', commit: { sessionId, base: 1, touched: ['a'], changes: [['a', text]] } } }),
  ]
  for (const { head, texts } of carrying) {
    expect(JSON.stringify(head)).not.toContain('payload')
    expect(texts).toContain(text)
  }
})

test('X51 arguments and results that came as bytes stay the bytes that came, and what is kept becomes a text of its own', () => {
  const bytes = (text: string) => Buffer.from(text)
  const views = ({ head, texts }: Envelope): Envelope => ({ head: travel({ head, texts: [] }).head, texts: texts.map((text) => bytes(String(text))) })
  const run = encodeDown({ type: 'run', call, process, target: { kind: 'method', name: 'm' }, onServerOnly: true, args: bytes('["ä"]'), resultBytes: 1000 })
  expect(decodeDown(run)).toMatchObject({ args: bytes('["ä"]') })
  const ended = views(encodeUp({ type: 'ended', call, process, value: '{}', variables: [['v', '"ä"']] }))
  expect(decodeUp(ended)).toMatchObject({ value: bytes('{}'), variables: [['v', '"ä"']] })
  const commit = { sessionId, base: 1, touched: ['a'], changes: [['a', '"ä"']] } as const
  expect(decodeUp(views(encodeUp({ ...asking, request: { kind: 'storage.commit', commit } })))).toMatchObject({ request: { commit } })
  expect(decodeDown(views(encodeDown({ type: 'delta', sessionId, delta })))).toEqual({ type: 'delta', sessionId, delta })
  expect(decodeDown(views(encodeDown({ type: 'session', seed })))).toEqual({ type: 'session', seed })
})
