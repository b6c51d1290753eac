import { describe, expect, it } from 'vitest'
import { callRow } from '../../testing/rows.ts'
import { matchCalls, newSince, sortCalls } from './call-list.ts'

const calls = [
  callRow(3, { method: 'cart', userName: 'ben', durationMs: 9, ok: false, code: 'CALL_TIMEOUT' }),
  callRow(2, { method: 'orders/place', userName: 'ana', durationMs: 1 }),
  callRow(1, { method: 'cart', userName: 'Zoë', durationMs: 5, request: 'Abc-1' }),
]
const numbers = (list: readonly { number: number }[]) => list.map(({ number }) => number)

describe('the list of calls', () => {
  it('W33 is searched by method, user, code and request, a semicolon meaning or', () => {
    const found = (text: string) => numbers(matchCalls(calls, text))
    expect([found('cart'), found('ANA'), found('timeout'), found('abc'), found('ana; zoë'), found(' ; '), found('nobody')]).toEqual([
      [3, 1],
      [2],
      [3],
      [1],
      [2, 1],
      [3, 2, 1],
      [],
    ])
  })

  it('W33 is ordered by what is shown, the newest first among equals', () => {
    expect(numbers(sortCalls(calls, { column: 'at', direction: 'ascending' }))).toEqual([1, 2, 3])
    expect(numbers(sortCalls(calls, { column: 'durationMs', direction: 'descending' }))).toEqual([3, 1, 2])
    expect(numbers(sortCalls(calls, { column: 'method', direction: 'ascending' }))).toEqual([3, 1, 2])
    expect(numbers(sortCalls(calls, { column: 'outcome', direction: 'descending' }))[0]).toBe(3)
  })

  it('W35 says how many ended since it was held', () => {
    expect(newSince(calls.slice(2), calls)).toEqual({ count: 2, more: false })
    expect(newSince(calls, calls)).toEqual({ count: 0, more: false })
    expect(newSince([], calls)).toEqual({ count: 3, more: false })
    expect(newSince([callRow(0)], calls)).toEqual({ count: 3, more: true })
  })
})
