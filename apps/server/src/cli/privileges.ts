import type { Command } from 'commander'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine } from './output.ts'
import { rolesVerbs } from './roles.ts'

type Options = ServerOptions & { json?: boolean }

/** `tessera privileges ...` */
export const privilegesVerb = (program: Command): void => {
  const privileges = program.command('privileges').description('what sessions may do on the web')
  const read = async (session: string, options: Options): Promise<void> => {
    const held = await adminClient(options).privileges.get.query({ session })
    if (options.json === true) printJson(held)
    else printLine(held.privileges.join('\n') || '(none)')
  }
  privileges
    .command('get')
    .argument('<session>')
    .action((session: string, _options, command: Command) => read(session, command.optsWithGlobals()))
  privileges
    .command('set')
    .argument('<session>')
    .argument('<names...>')
    .action(async (session: string, names: string[], _options, command: Command) => {
      await adminClient(command.optsWithGlobals()).privileges.set.mutate({ session, names })
      await read(session, command.optsWithGlobals())
    })
  privileges
    .command('clear')
    .argument('<session>')
    .action(async (session: string, _options, command: Command) => {
      await adminClient(command.optsWithGlobals()).privileges.clear.mutate({ session })
      await read(session, command.optsWithGlobals())
    })
  rolesVerbs(privileges)
}
