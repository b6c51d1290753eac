import { encodeStorable, type OrderRecipientRow, TesseraError } from '@tessera/protocol'
import type { Command } from 'commander'
import { parseArguments } from './arguments.ts'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable, shortTime } from './output.ts'

type Options = ServerOptions & { json?: boolean; wait?: boolean }

/** `tessera clients ...` */
export const clientsVerb = (program: Command): void => {
  const clients = program.command('clients').description('clients that registered, and methods that are sent to them')
  clients
    .command('list')
    .description('who is registered, with how many methods it has still to run')
    .action(async (_options, command: Command) => list(command.optsWithGlobals()))
  clients
    .command('order')
    .argument('<name>', 'of the clients; @ stands for any text')
    .argument('<method>', 'of their client half')
    .argument('[args...]', 'as JSON')
    .option('--wait', 'until each has answered; fails where one of them failed')
    .description('have clients run a method')
    .action(async (name: string, method: string, args: string[], _options, command: Command) => order({ name, method, args }, command.optsWithGlobals()))
}

const list = async (options: Options): Promise<void> => {
  const { clients } = await adminClient(options).clients.list.query()
  if (options.json === true) return printJson({ clients })
  printTable(
    ['NAME', 'USER', 'MACHINE', 'SINCE', 'PENDING', 'SESSION'],
    clients.map(({ name, userName, machineName, since, pending, sessionId }) => [name, userName, machineName, shortTime(since), String(pending), sessionId]),
  )
}

const order = async ({ name, method, args }: { name: string; method: string; args: readonly string[] }, options: Options): Promise<void> => {
  const { clients } = adminClient(options)
  const sent = await clients.order.mutate({ name, method, args: encodeStorable(parseArguments(args)) })
  const { id, recipients } = options.wait === true ? await clients.results.mutate({ id: sent.id }) : sent
  const rows = recipients.map(readable)
  if (options.json === true) printJson({ id, recipients: rows })
  else {
    printTable(
      ['CLIENT', 'SESSION', 'STATE', 'RESULT'],
      rows.map(({ clientName, sessionId, state, value, error }) => [
        clientName,
        sessionId,
        state,
        error === null ? JSON.stringify(value) : `${error.message} (${error.code})`,
      ]),
    )
    printLine(`sent to ${rows.length}`)
  }
  if (rows.some(({ state }) => state === 'failed')) process.exitCode = 1
}

/** With the value as JSON; what a client sent may be anything. */
const readable = ({ value, ...row }: OrderRecipientRow): Omit<OrderRecipientRow, 'value'> & { value: unknown } => {
  try {
    return { ...row, value: value === null ? null : (JSON.parse(value) as unknown) }
  } catch (cause) {
    const { code, message } = new TesseraError('RESULT_NOT_STORABLE', 'What the client answered cannot be read.', { cause })
    return { ...row, state: 'failed', value: null, error: { code, message } }
  }
}
