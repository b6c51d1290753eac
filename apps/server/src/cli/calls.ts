import type { AdminClient } from '@tessera/client'
import { type CallRow, limits, TesseraError } from '@tessera/protocol'
import type { Command } from 'commander'
import { callLine } from './call-line.ts'
import { adminClient, type ServerOptions } from './find-server.ts'
import { follow } from './follow.ts'
import { printJson, printLine } from './output.ts'

type Options = ServerOptions & { json?: boolean; slow?: boolean; session?: string; limit?: string }

const shownAtFirst = 20

/** `tessera calls ...` */
export const callsVerb = (program: Command): void => {
  const calls = program.command('calls').description('the log of calls')
  calls
    .command('list')
    .description('the last calls, oldest first')
    .option('--slow', 'only slow ones')
    .option('--session <id>', 'of one session')
    .option('--limit <n>', 'how many', '100')
    .action((_options, command: Command) => list(command.optsWithGlobals()))
  calls
    .command('tail')
    .description('calls as they end, until Ctrl+C; with --json one document a line')
    .option('--slow', 'only slow ones')
    .option('--session <id>', 'of one session')
    .action((_options, command: Command) => tail(command.optsWithGlobals()))
}

const list = async (options: Options): Promise<void> => {
  const limit = Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.listPage)
    throw new TesseraError('BAD_REQUEST', `--limit is a whole number from 1 to ${limits.listPage}.`)
  const rows = await read(adminClient(options), options, { after: 0, limit })
  if (options.json === true) printJson({ calls: rows })
  else for (const row of rows) printLine(callLine(row))
}

/** Asks for what is new twice a second: a server that nobody follows does nothing for it. */
const tail = async (options: Options): Promise<void> => {
  const client = adminClient(options)
  let after: number | null = null
  await follow(async () => {
    const rows = await read(client, options, { after: after ?? 0, limit: after === null ? shownAtFirst : limits.listPage })
    for (const row of rows) printLine(options.json === true ? JSON.stringify(row) : callLine(row))
    after = rows.at(-1)?.number ?? after ?? 0
  })
}

/** Oldest first. */
const read = async (client: AdminClient, { slow, session }: Options, wanted: { after: number; limit: number }): Promise<CallRow[]> => {
  const { calls } = await client.calls.list.query({ slow: slow === true, session: session ?? null, ...wanted })
  return calls.reverse()
}
