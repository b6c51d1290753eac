import type { CallRow } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { callLine } from './call-line.ts'

const at = new Date(2026, 9, 12, 8, 30, 1, 7).toISOString()
const row: CallRow = {
  number: 1,
  request: 'r-7',
  sessionId: 'A',
  userName: 'ana',
  processId: 'p1',
  process: 'main',
  method: 'orders/place',
  version: '20261012.2',
  isolate: 'bb/1',
  at,
  durationMs: 123.456,
  split: { queueMs: 0, hopMs: 0.129, runMs: 123.3, storageMs: 20, dataMs: 0 },
  ok: true,
  code: null,
  message: null,
  argumentBytes: 10,
  resultBytes: 4,
  arguments: null,
}

test('B40 a call takes one line: when, how long and where, what and whose, how it ended, under which id', () => {
  expect(callLine(row)).toBe('08:30:01.007  123 ms (queue 0, hop 0.13, run 123, storage 20)  orders/place  ana  main  ok  r-7')
})

test('B40 nothing of a call moves the cursor or breaks the line', () => {
  const split = { queueMs: 5, hopMs: null, runMs: null, storageMs: null, dataMs: null }
  const line = callLine({
    ...row,
    split,
    userName: '',
    process: '\u001b[2Jx',
    ok: false,
    code: 'METHOD_ERROR',
    message: 'no\n  way\r\u0007',
    arguments: '[1,\n2]',
  })
  expect(line).toBe('08:30:01.007  123 ms (queue 5)  orders/place  guest  [2Jx  METHOD_ERROR no way  r-7  [1, 2]')
})
