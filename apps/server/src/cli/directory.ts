import type { Command } from 'commander'
import { readPassword } from './arguments.ts'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable } from './output.ts'

type Options = ServerOptions & { json?: boolean; group?: string[]; passwordStdin?: boolean; user?: string[]; none?: boolean }

const collect = (value: string, before: string[] = []): string[] => [...before, value]

/** `tessera directory ...` */
export const directoryVerb = (program: Command): void => {
  const directory = program.command('directory').description('users and groups')
  directory.command('users').action(async (_options, command: Command) => users(command.optsWithGlobals()))
  directory.command('groups').action(async (_options, command: Command) => groups(command.optsWithGlobals()))
  directory
    .command('add-user')
    .argument('<name>')
    .option('--group <name>', 'put the user into a group (repeatable)', collect)
    .option('--password-stdin', 'read the password from standard input')
    .action(async (name: string, _options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const password = options.passwordStdin === true ? await readPassword() : null
      await adminClient(options).directory.addUser.mutate({ name, password, groups: options.group ?? [] })
      printLine(`user ${name} is there`)
    })
  directory
    .command('set-password')
    .argument('<name>')
    .option('--none', 'take the password away')
    .option('--password-stdin', 'read the password from standard input, which happens either way')
    .description('read from standard input; a password for Designer turns access control on')
    .action(async (name: string, _options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      await adminClient(options).directory.setPassword.mutate({ name, password: options.none === true ? null : await readPassword() })
      printLine(`the password of ${name} is ${options.none === true ? 'taken away' : 'set'}`)
    })
  for (const enabled of [true, false]) {
    directory
      .command(enabled ? 'enable' : 'disable')
      .argument('<name>')
      .action(async (name: string, _options, command: Command) => {
        await adminClient(command.optsWithGlobals()).directory.setEnabled.mutate({ name, enabled })
        printLine(`user ${name} is ${enabled ? 'enabled' : 'disabled'}`)
      })
  }
  directory
    .command('remove-user')
    .argument('<name>')
    .action(async (name: string, _options, command: Command) => {
      await adminClient(command.optsWithGlobals()).directory.removeUser.mutate({ name })
      printLine(`user ${name} is removed`)
    })
  directory
    .command('put-group')
    .argument('<name>')
    .option('--user <name>', 'a member (repeatable)', collect)
    .option('--group <name>', 'a group inside (repeatable)', collect)
    .description('add a group, or replace its members')
    .action(async (name: string, _options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      await adminClient(options).directory.putGroup.mutate({ name, users: options.user ?? [], groups: options.group ?? [] })
      printLine(`group ${name} is there`)
    })
}

const users = async (options: Options): Promise<void> => {
  const answer = await adminClient(options).directory.users.query()
  if (options.json === true) return printJson(answer)
  printTable(
    ['NAME', 'ALIAS', 'GROUPS', 'ENABLED', 'PASSWORD', 'LAST SEEN'],
    answer.users.map((user) => [
      user.name,
      user.alias ?? '',
      user.groups.join(', '),
      user.enabled ? 'yes' : 'no',
      user.hasPassword ? 'set' : 'none',
      user.lastSeenAt ?? 'never',
    ]),
  )
}

const groups = async (options: Options): Promise<void> => {
  const answer = await adminClient(options).directory.groups.query()
  if (options.json === true) return printJson(answer)
  printTable(
    ['NAME', 'USERS', 'GROUPS'],
    answer.groups.map((group) => [group.name, group.users.join(', '), group.groups.join(', ')]),
  )
}
