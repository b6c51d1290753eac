import type { Command } from 'commander'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printTable, shortTime } from './output.ts'

/** `tessera processes ...` */
export const processesVerb = (program: Command): void => {
  const processes = program.command('processes').description('what runs in the sessions')
  processes
    .command('list')
    .option('--session <id>', 'of one session')
    .action(async (_options, command: Command) => {
      const options: ServerOptions & { json?: boolean; session?: string } = command.optsWithGlobals()
      const { processes: rows } = await adminClient(options).processes.list.query(options.session === undefined ? {} : { session: options.session })
      if (options.json === true) return printJson({ processes: rows })
      printTable(
        ['NUMBER', 'KIND', 'NAME', 'STATE', 'METHOD', 'SINCE', 'ISOLATE', 'ID'],
        rows.map((row) => [String(row.number), row.kind, row.name, row.state, row.method ?? '', shortTime(row.startedAt), row.isolate ?? '', row.id]),
      )
    })
}
