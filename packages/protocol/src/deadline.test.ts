import { expect, test } from 'vitest'
import { checkDeadline } from './deadline.ts'

test('P22 a deadline is from one millisecond to a day', () => {
  for (const ms of [1, 1.5, 1000, 86_400_000]) expect(() => checkDeadline(ms)).not.toThrow()
  for (const ms of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 86_400_001]) {
    expect(() => checkDeadline(ms)).toThrow(
      expect.objectContaining({ code: 'DEADLINE_INVALID', retryable: false, message: expect.stringContaining(String(ms)) }),
    )
  }
})
