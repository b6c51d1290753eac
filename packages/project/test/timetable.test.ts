import { timetableContract } from '@tessera/core/contracts'
import { expect, test } from 'vitest'
import { createTimetable } from '../src/schedule/timetable.ts'

timetableContract('the timetable of cron lines', createTimetable)

const times = (cron: string, timeZone: string, after: string, count = 1): string[] => {
  const found: string[] = []
  for (let at: number | null = Date.parse(after); at !== null && found.length < count; ) {
    at = createTimetable().nextAt(cron, timeZone, at)
    if (at !== null) found.push(new Date(at).toISOString())
  }
  return found
}

test('P49 times are those of the time zone, seconds and names included', () => {
  expect(times('30 15 6 * * MON', 'America/New_York', '2026-01-05T12:00:00Z')).toEqual(['2026-01-12T11:15:30.000Z'])
  expect(times('*/20 * * * * *', 'UTC', '2026-01-05T12:00:00Z', 3).map((at) => at.slice(17, 19))).toEqual(['20', '40', '00'])
})

test('P49 a time that the clocks leave out comes when they have changed, and one that comes twice is taken once', () => {
  expect(times('30 2 * * *', 'Europe/Madrid', '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'])
  expect(times('30 2 * * *', 'Europe/Madrid', '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'])
})

test.each(['@daily', '2026-12-01T00:00:00', '0 0 3 * * * 2027'])('P49 "%s" is more than a cron line of five or six fields, and none', (line) => {
  expect(createTimetable().problem(line, null)).toMatchObject({ member: 'cron', message: expect.stringContaining('five or six fields') })
})
