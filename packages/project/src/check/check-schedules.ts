import type { Timetable } from '@tessera/core'
import type { Problem } from '@tessera/protocol'
import { nameOfCode } from '../folder/layout.ts'
import type { ProjectReading } from '../folder/load.ts'
import { parseSettings, settingsFile } from '../folder/settings.ts'

/** What is wrong with the schedules of tessera.json: names, cron lines, time zones, methods; each where it stands. */
export const checkSchedules = ({ files, settings }: ProjectReading, timetable: Timetable): Problem[] => {
  const text = files.get(settingsFile)?.text
  const { json = null } = settings === null || settings.schedules.length === 0 || text === undefined ? {} : parseSettings(text)
  if (settings === null || json === null) return []
  const methods = new Set([...files.values()].filter(({ part }) => part === 'method').map(({ path }) => nameOfCode(path)))
  const problems: Problem[] = []
  const found = (index: number, member: string, message: string): void => {
    problems.push({ file: settingsFile, ...json.placeOf(['schedules', index, member]), severity: 'error', code: 'schedule-invalid', message })
  }
  const names = new Set<string>()
  for (const [index, { name, cron, timeZone, method }] of settings.schedules.entries()) {
    if (names.has(name)) found(index, 'name', `there is another schedule named "${name}"`)
    if (name.startsWith('$')) found(index, 'name', 'the name of a schedule, and so of its procedures, cannot start with $')
    names.add(name)
    const problem = timetable.problem(cron, timeZone)
    if (problem !== null) found(index, problem.member, problem.message)
    if (!methods.has(method)) found(index, 'method', `there is no method "${method}"`)
  }
  return problems
}
