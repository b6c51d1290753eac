import { type Role, roles, TesseraError } from '@tessera/protocol'
import type { Command } from 'commander'
import { adminClient, findServer, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable } from './output.ts'

type Options = ServerOptions & { json?: boolean; role?: string }

/** `tessera token ...` and `tessera admin link` */
export const tokensVerb = (program: Command): void => {
  const token = program.command('token').description('tokens for scripts')
  token
    .command('create')
    .argument('<name>')
    .option('--role <role>', roles.join(' | '), 'viewer')
    .action(async (name: string, _options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const role = roleOf(options.role)
      const created = await adminClient(options).tokens.create.mutate({ name, role })
      if (options.json === true) printJson(created)
      else printLine(created.token)
    })
  token.command('list').action(async (_options, command: Command) => {
    const options: Options = command.optsWithGlobals()
    const answer = await adminClient(options).tokens.list.query()
    if (options.json === true) return printJson(answer)
    printTable(
      ['NAME', 'ROLE', 'CREATED', 'LAST USED', 'FINGERPRINT'],
      answer.tokens.map((row) => [row.name, row.role, row.createdAt, row.lastUsedAt ?? 'never', row.fingerprint]),
    )
  })
  token
    .command('revoke')
    .argument('<name>')
    .action(async (name: string, _options, command: Command) => {
      const { revoked } = await adminClient(command.optsWithGlobals()).tokens.revoke.mutate({ name })
      if (revoked === 0) throw new TesseraError('NOT_FOUND', `There is no token "${name}".`)
      printLine(`token ${name} is revoked`)
    })
  program
    .command('admin')
    .description('let an administrator in')
    .command('link')
    .description('a one-time sign-in link for the console, good for 15 minutes')
    .action(async (_options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const { url } = findServer(options)
      const link = await adminClient(options).tokens.createLink.mutate()
      const address = consoleLink(url, link.token)
      if (options.json === true) printJson({ url: address, expiresAt: link.expiresAt })
      else printLine(address)
    })
}

/** In the fragment, so that no server or proxy log ever sees it. */
export const consoleLink = (url: string, token: string): string => `${url.replace(/\/$/, '')}/console/#token=${token}`

const roleOf = (text: string | undefined): Role => {
  const role = roles.find((each) => each === text)
  if (role === undefined) throw new TesseraError('BAD_REQUEST', `--role takes ${roles.join(', ')}.`)
  return role
}
