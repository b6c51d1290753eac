import type { ScheduleRow } from '@tessera/protocol'
import type { Command } from 'commander'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable, shortTime } from './output.ts'

type Options = ServerOptions & { json?: boolean }

/** `tessera schedules ...` */
export const schedulesVerb = (program: Command): void => {
  const schedules = program.command('schedules').description('stored procedures that the clock starts, by tessera.json')
  schedules.command('list').action(async (_options, command: Command) => {
    const options: Options = command.optsWithGlobals()
    const { schedules: rows } = await adminClient(options).schedules.list.query()
    if (options.json === true) return printJson({ schedules: rows })
    printTable(
      ['NAME', 'CRON', 'TIME ZONE', 'METHOD', 'NEXT', 'LAST', 'SKIPPED'],
      rows.map((row) => [
        row.name,
        row.cron,
        row.timeZone ?? "server's",
        row.method,
        row.nextAt === null ? '' : shortTime(row.nextAt),
        lastOf(row),
        String(row.skipped),
      ]),
    )
  })
  schedules
    .command('start')
    .argument('<name>')
    .description('run one now')
    .action(async (name: string, _options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const started = await adminClient(options).schedules.start.mutate({ name })
      if (options.json === true) printJson(started)
      else printLine(`process ${started.number} runs ${name} (${started.processId})`)
    })
}

const lastOf = ({ last }: ScheduleRow): string => {
  if (last === null) return ''
  const end = last.ok === null ? 'runs' : last.ok ? 'done' : `failed: ${last.message ?? ''}`
  return `${shortTime(last.at)} ${end}`
}
