import type { Timetable, TimetableProblem } from '../ports/timetable.ts'

type Matches = (value: number) => boolean

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** As far as it looks: to the second 29 February from now, at most. */
const mostDays = 8 * 366
/** Largest value of each field. */
const largest = [59, 23, 31, 12, 6]

/** The plainest timetable: five fields, each `*`, a number or `*` with a step, in UTC. */
export class MemoryTimetable implements Timetable {
  problem(cron: string, timeZone: string | null): TimetableProblem | null {
    if (timeZone !== null && timeZone !== 'UTC') return { member: 'timeZone', message: `there is no time zone "${timeZone}"` }
    const fields = fieldsOf(cron)
    if (fields === null) return { member: 'cron', message: 'this is no cron line' }
    return first(fields, 0) === null ? { member: 'cron', message: 'this time never comes' } : null
  }

  nextAt(cron: string, timeZone: string | null, after: number): number | null {
    const fields = timeZone === null || timeZone === 'UTC' ? fieldsOf(cron) : null
    return fields === null ? null : first(fields, after)
  }
}

const first = (fields: readonly Matches[], after: number): number | null => {
  const [minute = never, hour = never, day = never, month = never, weekday = never] = fields
  const today = Math.floor(after / dayMs) * dayMs
  for (let days = 0; days < mostDays; days++) {
    const date = new Date(today + days * dayMs)
    if (!day(date.getUTCDate()) || !month(date.getUTCMonth() + 1) || !weekday(date.getUTCDay())) continue
    for (let at = date.getTime(); at < date.getTime() + dayMs; at += minuteMs) {
      const minutes = (at - date.getTime()) / minuteMs
      if (at > after && hour(Math.floor(minutes / 60)) && minute(minutes % 60)) return at
    }
  }
  return null
}

const fieldsOf = (cron: string): Matches[] | null => {
  const parts = cron.trim().split(/\s+/)
  const fields = parts.map((part, index) => fieldOf(part, largest[index] ?? 0)).filter((field) => field !== null)
  return parts.length === 5 && fields.length === 5 ? fields : null
}

const fieldOf = (text: string, most: number): Matches | null => {
  const [, step, number] = /^(?:\*(?:\/([1-9]\d?))?|(\d{1,2}))$/.exec(text) ?? []
  if (number !== undefined && Number(number) > most) return null
  if (number !== undefined) return (value) => value === Number(number)
  if (step !== undefined) return (value) => value % Number(step) === 0
  return text === '*' ? () => true : null
}

const never: Matches = () => false
