import { encodeStorable } from '@tessera/protocol'
import type { Command } from 'commander'
import { parseArguments } from './arguments.ts'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable, shortTime } from './output.ts'

type Options = ServerOptions & { json?: boolean }

/** `tessera storage ...`; `procedures` stands for the stored-procedures session. */
export const storageVerb = (program: Command): void => {
  const storage = program.command('storage').description("look at a session's shared storage and change it")
  storage
    .command('get')
    .argument('<session>', 'a session id, or procedures')
    .argument('[slot]')
    .action(async (session: string, slot: string | undefined, _options, command: Command) => get(session, slot, command.optsWithGlobals()))
  storage
    .command('history')
    .description('the last changes, newest first: who, when, from what to what')
    .argument('<session>', 'a session id, or procedures')
    .argument('[slot]', 'only its changes')
    .action(async (session: string, slot: string | undefined, _options, command: Command) => history(session, slot, command.optsWithGlobals()))
  storage
    .command('set')
    .argument('<session>')
    .argument('<slot>')
    .argument('<json>')
    .action(async (session: string, slot: string, json: string, _options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const [value] = parseArguments([json])
      const { clock } = await adminClient(options).storage.patch.mutate({ session, slot, text: encodeStorable(value) })
      if (options.json === true) printJson({ clock })
      else printLine(`${slot} is set; the storage's clock is ${clock}`)
    })
}

const get = async (session: string, slot: string | undefined, options: Options): Promise<void> => {
  const storage = await adminClient(options).storage.get.query({ session })
  const slots = storage.slots.filter((row) => slot === undefined || row.slot === slot)
  if (options.json === true) {
    const values = Object.fromEntries(slots.map((row) => [row.slot, JSON.parse(row.text) as unknown]))
    return printJson({ session: storage.session, clock: storage.clock, slots: values })
  }
  printTable(
    ['SLOT', 'BYTES', 'CHANGED BY', 'VALUE'],
    slots.map((row) => [row.slot, String(row.bytes), row.changedBy, row.text.slice(0, 100)]),
  )
}

const history = async (session: string, slot: string | undefined, options: Options): Promise<void> => {
  const answer = await adminClient(options).storage.history.query({ session })
  const changes = answer.changes
    .map((change) => ({ ...change, slots: change.slots.filter((one) => slot === undefined || one.slot === slot) }))
    .filter(({ slots, more }) => slots.length > 0 || (slot === undefined && more > 0))
  if (options.json === true) return printJson({ session: answer.session, changes })
  printTable(
    ['CLOCK', 'AT', 'BY', 'SLOT', 'BEFORE', 'AFTER'],
    changes.flatMap(({ clock, at, by, slots, more }) => [
      ...slots.map((one) => [String(clock), shortTime(at), by, one.slot, brief(one.before), brief(one.after)]),
      ...(more > 0 && slot === undefined ? [[String(clock), shortTime(at), by, `(${more} more)`, '', '']] : []),
    ]),
  )
}

const brief = (text: string | null): string => (text === null ? '-' : text.length > 60 ? `${text.slice(0, 59)}…` : text)
