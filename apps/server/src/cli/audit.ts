import { limits, TesseraError } from '@tessera/protocol'
import type { Command } from 'commander'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printTable, shortTime } from './output.ts'

type Options = ServerOptions & { json?: boolean; limit?: string; before?: string }

/** `tessera audit ...` */
export const auditVerb = (program: Command): void => {
  const audit = program.command('audit').description('what administrators did')
  audit
    .command('list')
    .description('the last acts, newest first')
    .option('--limit <n>', 'how many', '50')
    .option('--before <number>', 'older than the act of this number')
    .action((_options, command: Command) => list(command.optsWithGlobals()))
}

const list = async (options: Options): Promise<void> => {
  const limit = numberOf('--limit', options.limit ?? '')
  if (limit > limits.listPage) throw new TesseraError('BAD_REQUEST', `--limit is ${limits.listPage} at most.`)
  const before = options.before === undefined ? null : numberOf('--before', options.before)
  const { entries } = await adminClient(options).audit.list.query({ limit, before })
  if (options.json === true) return printJson({ entries })
  printTable(
    ['NO.', 'WHEN', 'WHO', 'ACT', 'TARGET', 'REASON', 'OUTCOME'],
    entries.map((row) => [String(row.number), shortTime(row.at), row.who, row.act, row.target, row.reason, row.ok ? 'done' : (row.code ?? 'failed')]),
  )
}

const numberOf = (name: string, text: string): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw new TesseraError('BAD_REQUEST', `${name} is a whole number, 1 or more.`)
  return number
}
