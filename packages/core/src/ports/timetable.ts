/** When schedules are due: cron lines of five or six fields, [second] minute hour day month weekday. */
export interface Timetable {
  /** What is wrong with the line, or with the time zone; null where it can be used. `timeZone` null: the server's own. */
  problem(cron: string, timeZone: string | null): TimetableProblem | null
  /** The first instant after `after`; null where there is none, for a line that cannot be used too. */
  nextAt(cron: string, timeZone: string | null, after: number): number | null
}

export interface TimetableProblem {
  member: 'cron' | 'timeZone'
  message: string
}
