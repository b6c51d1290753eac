import type { Command } from 'commander'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable } from './output.ts'

/** `tessera catalog ...` */
export const catalogVerb = (program: Command): void => {
  program
    .command('catalog')
    .description('the structure: tables, fields, relations, indexes')
    .command('show')
    .action(async (_options, command: Command) => {
      const options: ServerOptions & { json?: boolean } = command.optsWithGlobals()
      const catalog = await adminClient(options).catalog.get.query()
      if (options.json === true) return printJson(catalog)
      printLine(`revision ${catalog.revision}, ${catalog.relations.length} relations, ${catalog.indexes.length} indexes`)
      printTable(
        ['TABLE', 'FIELD', 'TYPE'],
        catalog.tables.flatMap((table) => table.fields.map((field) => [`${table.number} ${table.name}`, `${field.number} ${field.name}`, field.type])),
      )
    })
}
