import { formatProblem, type PermissionRow, type PrivilegeRow, type RoleRow, type RolesRow } from '@tessera/protocol'
import type { Command } from 'commander'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable, shortTime } from './output.ts'

type Options = ServerOptions & { json?: boolean }

/** `tessera privileges roles|explain|reload`: what roles.json says, to the whole server. */
export const rolesVerbs = (privileges: Command): void => {
  privileges
    .command('roles')
    .description('the roles in force, and what is wrong with a roles.json that is not')
    .action(async (_options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const roles = await adminClient(options).roles.get.query()
      if (options.json === true) printJson(roles)
      else printRoles(roles)
    })
  privileges
    .command('explain')
    .description('whether a session may do something, and why')
    .argument('<session>')
    .argument('<action>', 'create, read, update, drop or execute')
    .argument('<resource>', 'ds, Table, Table.attribute, Table.function, a method ...')
    .option('--type <type>', 'datastore, dataclass, attribute, method, singleton or singletonMethod')
    .action(async (session: string, action: string, resource: string, _options, command: Command) => {
      const { type, ...options }: Options & { type?: string } = command.optsWithGlobals()
      const explained = await adminClient(options).roles.explain.query({ session, action, resource, type: type ?? null })
      if (options.json === true) printJson(explained)
      else printLine(explained.sentences.join('\n'))
    })
  privileges
    .command('reload')
    .description('put roles.json into force for every session, without publishing a version')
    .action(async (_options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const reloaded = await adminClient(options).roles.reload.mutate()
      if (options.json === true) return printJson(reloaded)
      for (const warning of reloaded.warnings) process.stderr.write(`${formatProblem(warning)}\n`)
      printLine(reloaded.changed ? 'roles.json is in force' : 'nothing changed: roles.json says what is in force already')
    })
}

const printRoles = ({ privileges, roles, permissions, warnings, problem, ...rest }: RolesRow): void => {
  printLine(`in force since ${shortTime(rest.since)}, out of ${origins[rest.from.kind]}${rest.from.kind === 'version' ? ` ${rest.from.id}` : ''}`)
  printLine(`restrictedByDefault ${rest.restrictedByDefault}, forceLogin ${rest.forceLogin}\n`)
  const declared = (name: string, direct: readonly string[], { expanded, cut }: Pick<PrivilegeRow | RoleRow, 'expanded' | 'cut'>): string[] => [
    name,
    direct.join(', '),
    `${expanded.join(', ')}${cut ? ' ...' : ''}`,
  ]
  printTable(
    ['PRIVILEGE', 'INCLUDES', 'HOLDS'],
    privileges.map((row) => declared(row.privilege, row.includes, row)),
  )
  printLine('')
  printTable(
    ['ROLE', 'PRIVILEGES', 'HOLDS'],
    roles.map((row) => declared(row.role, row.privileges, row)),
  )
  printLine('')
  printTable(
    ['RESOURCE', 'TYPE', 'ACTION', 'PRIVILEGES'],
    permissions.flatMap((row) => listsOf(row).map(([action, names]) => [row.applyTo, row.type, action, names.join(', ')])),
  )
  for (const each of [...warnings, ...(problem?.problems ?? [])]) process.stderr.write(`${formatProblem(each)}\n`)
  if (problem !== null) process.stderr.write(`tessera: roles.json was refused ${shortTime(problem.at)} (${problem.by}); these stay in force\n`)
}

const origins: Record<RolesRow['from']['kind'], string> = { version: 'version', file: 'roles.json', nothing: 'nothing' }

const listsOf = ({ lists }: PermissionRow): [string, string[]][] => Object.entries(lists).filter(([, names]) => names.length > 0)
