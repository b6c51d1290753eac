import { describe, expect, test } from 'vitest'
import type { Timetable } from '../ports/timetable.ts'

const at = (iso: string): number => Date.parse(`${iso}Z`)

/** What every timetable does with the plainest lines, in UTC. */
export const timetableContract = (name: string, create: () => Timetable): void => {
  describe(name, () => {
    test.each([
      ['*/5 * * * *', '2026-01-05T08:00:00.000', '2026-01-05T08:05:00'],
      ['*/5 * * * *', '2026-01-05T08:04:59.999', '2026-01-05T08:05:00'],
      ['0 3 * * *', '2026-01-05T08:00:00.000', '2026-01-06T03:00:00'],
      ['30 3 1 * *', '2026-01-31T23:59:00.000', '2026-02-01T03:30:00'],
      ['0 0 * * 1', '2026-01-05T00:00:00.000', '2026-01-12T00:00:00'],
      ['0 0 29 2 *', '2026-03-01T00:00:00.000', '2028-02-29T00:00:00'],
    ])('P49 %s after %s comes at %s, and never at the instant itself', (cron, after, next) => {
      expect(create().problem(cron, 'UTC')).toBeNull()
      expect(create().nextAt(cron, 'UTC', at(after))).toBe(at(next))
    })

    test.each(['', 'every day', '* * * *', '61 * * * *', '* 24 * * *', '0 0 30 2 *', '* * * * x'])('P49 "%s" is no cron line, or never comes', (cron) => {
      expect(create().problem(cron, null)).toMatchObject({ member: 'cron', message: expect.stringMatching(/./) })
      expect(create().nextAt(cron, null, 0)).toBeNull()
    })

    test('P49 a time zone that there is not is told as such', () => {
      expect(create().problem('0 3 * * *', 'Nowhere/Nope')).toMatchObject({ member: 'timeZone', message: expect.stringContaining('Nowhere/Nope') })
      expect(create().nextAt('0 3 * * *', 'Nowhere/Nope', 0)).toBeNull()
    })
  })
}
