import { expect, test } from 'vitest'
import { waitingPayload } from './waiting-payload.ts'

test('X52 a payload that waits keeps nothing but itself in memory, and is not copied where it is nearly all there is', () => {
  const piece = new Uint8Array(64 * 1024)
  piece.set([91, 93], 1000)
  const kept = waitingPayload(piece.subarray(1000, 1002))
  expect(kept).toEqual(new Uint8Array([91, 93]))
  expect((kept as Uint8Array).buffer.byteLength).toBe(2)
  const whole = piece.subarray(100)
  expect(waitingPayload(whole)).toBe(whole)
  expect(waitingPayload('[]')).toBe('[]')
})
