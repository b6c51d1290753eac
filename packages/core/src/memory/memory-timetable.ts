import type { Timetable, TimetableProblem } from '../ports/timetable.ts'

type Matches = (value: number) => boolean

const minuteMs = 60_000
/** As far as it looks: no longer than to the second 29 February from now. */
const mostMinutes = 8 * 366 * 24 * 60

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
  let at = (Math.floor(after / minuteMs) + 1) * minuteMs
  for (let steps = 0; steps < mostMinutes; steps++) {
    const date = new Date(at)
    const today = day(date.getUTCDate()) && month(date.getUTCMonth() + 1) && weekday(date.getUTCDay())
    if (today && hour(date.getUTCHours()) && minute(date.getUTCMinutes())) return at
    at = today ? at + minuteMs : Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1)
  }
  return null
}

const fieldsOf = (cron: string): Matches[] | null => {
  const parts = cron.trim().split(/\s+/)
  const fields = parts.map(fieldOf).filter((field) => field !== null)
  return parts.length === 5 && fields.length === 5 ? fields : null
}

const fieldOf = (text: string): Matches | null => {
  const [, step, number] = /^(?:\*(?:\/([1-9]\d?))?|(\d{1,2}))$/.exec(text) ?? []
  if (number !== undefined) return (value) => value === Number(number)
  if (step !== undefined) return (value) => value % Number(step) === 0
  return text === '*' ? () => true : null
}

const never: Matches = () => false
