import { encodeStorable } from '@tessera/protocol'
import type { Command } from 'commander'
import { parseArguments } from './arguments.ts'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable } from './output.ts'
import { showProgress } from './show-progress.ts'

type Options = ServerOptions & { json?: boolean; name?: string; unique?: boolean; wait?: boolean; reason?: string }

/** `tessera procedures ...` */
export const proceduresVerb = (program: Command): void => {
  const procedures = program.command('procedures').description('stored procedures')
  procedures.command('list').action(async (_options, command: Command) => {
    const options: Options = command.optsWithGlobals()
    const { processes } = await adminClient(options).procedures.list.query()
    if (options.json === true) return printJson({ processes })
    printTable(
      ['NUMBER', 'NAME', 'STATE', 'PROGRESS', 'ID'],
      processes.map((row) => [
        String(row.number),
        row.name,
        row.state,
        row.progress === null ? '' : `${Math.round(row.progress.fraction * 100)} % ${row.progress.text}`,
        row.id,
      ]),
    )
  })
  procedures
    .command('start')
    .argument('<method>')
    .argument('[args...]', 'as JSON')
    .option('--name <name>', "the process's name")
    .option('--unique', 'where one of that name runs, answer that one')
    .option('--wait', 'until it ends; on a terminal, with how far it is')
    .action(async (method: string, args: string[], _options, command: Command) => start(method, args, command.optsWithGlobals()))
  procedures
    .command('cancel')
    .argument('<id>')
    .option('--reason <text>', 'what its signal says')
    .description('ask one to stop; after five seconds it is ended')
    .action(async (processId: string, _options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      await adminClient(options).procedures.cancel.mutate({ processId, reason: options.reason ?? '' })
      if (options.json === true) printJson({ processId, told: true })
      else printLine(`${processId} was told to stop`)
    })
}

const start = async (method: string, args: readonly string[], options: Options): Promise<void> => {
  const client = adminClient(options)
  const started = await client.procedures.start.mutate({
    method,
    args: encodeStorable(parseArguments(args)),
    name: options.name ?? '',
    unique: options.unique === true,
  })
  const result = options.wait === true ? { result: await waitFor(client, started.processId) } : {}
  if (options.json === true) printJson({ ...started, ...result })
  else printLine('result' in result ? JSON.stringify(result.result, null, 2) : `process ${started.number} runs ${method} (${started.processId})`)
}

/** No request waits for longer than one may: how far it is is asked again and again, and what came of it once it has ended. */
const waitFor = async (client: ReturnType<typeof adminClient>, processId: string): Promise<unknown> => {
  for (let after = 0, running = true; running; ) {
    const now = await client.procedures.progress.query({ processId, after })
    if (now.progress !== null && now.seen > after) showProgress(now.progress)
    ;({ seen: after, running } = now)
  }
  showProgress(null)
  return JSON.parse((await client.procedures.result.mutate({ processId })).value) as unknown
}
