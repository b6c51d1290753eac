import type { Timetable, TimetableProblem } from '@tessera/core'
import { Cron } from 'croner'

/**
 * Cron lines as croner reads them: names of months and days, lists, ranges, steps, `L`, `W` and `#`; day and weekday together
 * mean either, as in cron. A time that a change of the clocks leaves out comes when the clocks have changed; one that comes
 * twice is taken once.
 */
export const createTimetable = (): Timetable => {
  const lines = new Map<string, Cron | TimetableProblem>()
  const lineOf = (cron: string, timeZone: string | null): Cron | TimetableProblem => {
    const key = `${timeZone ?? ''} ${cron}`
    const line = lines.get(key) ?? parseLine(cron, timeZone)
    if (lines.size >= mostLines) lines.clear()
    lines.set(key, line)
    return line
  }
  return {
    problem: (cron, timeZone) => {
      const line = lineOf(cron, timeZone)
      if ('member' in line) return line
      return line.nextRun(new Date(0)) === null ? { member: 'cron', message: `"${cron}" is a time that never comes` } : null
    },
    nextAt: (cron, timeZone, after) => {
      const line = lineOf(cron, timeZone)
      return 'member' in line ? null : (line.nextRun(new Date(after))?.getTime() ?? null)
    },
  }
}

/** Lines of versions long gone are not kept for ever. */
const mostLines = 10_000

const parseLine = (cron: string, timeZone: string | null): Cron | TimetableProblem => {
  if (timeZone !== null && !isTimeZone(timeZone)) return { member: 'timeZone', message: `there is no time zone "${timeZone}"` }
  const fields = cron.trim().split(/\s+/).length
  if (fields !== 5 && fields !== 6) return { member: 'cron', message: `"${cron}" is no cron line: it has five or six fields` }
  try {
    return new Cron(cron, { paused: true, ...(timeZone === null ? {} : { timezone: timeZone }) })
  } catch (cause) {
    return { member: 'cron', message: `"${cron}" is no cron line: ${cause instanceof Error ? cause.message.replace(/^CronPattern: /, '') : String(cause)}` }
  }
}

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
