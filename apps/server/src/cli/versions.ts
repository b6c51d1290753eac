import type { Command } from 'commander'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable, shortTime } from './output.ts'

type Options = ServerOptions & { json?: boolean }

/** `tessera versions ...` */
export const versionsVerb = (program: Command): void => {
  const versions = program.command('versions').description('published versions of the project')
  versions.command('list').action(async (_options, command: Command) => {
    const options: Options = command.optsWithGlobals()
    const listed = await adminClient(options).versions.list.query()
    if (options.json === true) return printJson(listed)
    printTable(
      ['ID', 'STATE', 'DIGEST', 'PUBLISHED', 'BY', 'BYTES', 'SESSIONS'],
      listed.versions.map((row) => [
        row.id,
        row.state,
        row.digest.slice(0, 12),
        shortTime(row.publishedAt),
        row.publishedBy,
        String(row.bytes),
        String(row.sessions),
      ]),
    )
  })
  versions
    .command('reload')
    .description('build the project folder again and publish it when it changed')
    .action(async (_options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const reloaded = await adminClient(options).versions.reload.mutate()
      if (options.json === true) printJson(reloaded)
      else printLine(reloaded.changed ? `version ${reloaded.version.id} is current` : `nothing changed: version ${reloaded.version.id} stays current`)
    })
}
