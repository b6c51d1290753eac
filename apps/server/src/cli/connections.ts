import { readFileSync } from 'node:fs'
import { type AddressRule, type EntryRow, type LicencesReport, TesseraError } from '@tessera/protocol'
import type { Command } from 'commander'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable } from './output.ts'

type Options = ServerOptions & { json?: boolean; message?: string; max?: string }

/** `tessera connections ...` */
export const connectionsVerb = (program: Command): void => {
  const connections = program.command('connections').description('who is let in: new connections, addresses, licences')
  connections
    .command('show')
    .description('whether newcomers are let in, and from where')
    .action(async (_options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      report((await adminClient(options).server.info.query()).entry, options)
    })
  connections
    .command('reject')
    .description('refuse newcomers; whoever is connected goes on')
    .option('--message <text>', 'told to those who are refused', '')
    .action(async (_options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      report(await adminClient(options).server.rejectConnections.mutate({ message: options.message ?? '' }), options)
    })
  connections
    .command('accept')
    .description('let newcomers in again')
    .action(async (_options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      report(await adminClient(options).server.acceptConnections.mutate({}), options)
    })
  addressVerbs(connections)
  connections
    .command('licences')
    .description('how many licences there are and are in use')
    .option('--max <n>', 'change the maximum, from now on and for later starts; none: no limit')
    .action(async (_options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const { licences } = adminClient(options)
      reportLicences(options.max === undefined ? await licences.get.query() : await licences.set.mutate({ maximum: maximumOf(options.max) }), options)
    })
}

const addressVerbs = (connections: Command): void => {
  connections
    .command('addresses')
    .description('the address table: the first rule that matches decides')
    .action(async (_options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      reportAddresses((await adminClient(options).server.info.query()).entry, options)
    })
  connections
    .command('set-addresses')
    .argument('<file>', 'JSON: [{ "mode": "allow" or "deny", "ip": "10.0.0.0/8" }]; - reads standard input')
    .description('put another address table in place of the present one')
    .action(async (file: string, _options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      reportAddresses(await adminClient(options).server.setAddresses.mutate({ rules: readRules(file) }), options)
    })
  for (const mode of ['allow', 'deny'] as const) {
    connections
      .command(mode)
      .argument('<ip>', 'an address, a range such as 10.0.0.0/8, a beginning such as 10.1.*, or localhost')
      .description(`${mode} clients from there: one rule more, before a final one that matches everything`)
      .action(async (ip: string, _options, command: Command) => {
        const options: Options = command.optsWithGlobals()
        reportAddresses(await adminClient(options).server.addAddress.mutate({ mode, ip }), options)
      })
  }
}

const report = (entry: EntryRow, options: Options): void => {
  if (options.json === true) return printJson(entry)
  if (entry.accepting) printLine('new connections are accepted')
  else printLine(`new connections are refused${entry.message === '' ? '' : `: ${entry.message}`}`)
  reportAddresses(entry, options)
}

const reportAddresses = ({ addresses, warnings }: Pick<EntryRow, 'addresses' | 'warnings'>, options: Options): void => {
  if (options.json === true) return printJson({ addresses, warnings })
  if (addresses.length === 0) printLine('clients are let in from every address')
  else
    printTable(
      ['RULE', 'MODE', 'ADDRESS'],
      addresses.map(({ mode, ip }, index) => [String(index + 1), mode, ip]),
    )
  warn(warnings)
}

const reportLicences = (licences: LicencesReport, options: Options): void => {
  if (options.json === true) return printJson(licences)
  const { maximum, used, remote, web, warnings } = licences
  printLine(`${used} of ${maximum ?? 'any number of'} licences in use (remote ${remote}, web ${web})`)
  warn(warnings)
}

const warn = (warnings: readonly string[]): void => {
  for (const warning of warnings) process.stderr.write(`tessera: warning: ${warning}\n`)
}

const maximumOf = (text: string): number | null => {
  if (text === 'none') return null
  if (/^\d+$/.test(text)) return Number(text)
  throw new TesseraError('BAD_REQUEST', `--max takes a whole number, or none, not "${text}".`)
}

/** The rules alone, or what `addresses --json` printed. @throws TesseraError `BAD_REQUEST` naming the file. */
const readRules = (file: string): AddressRule[] => {
  const name = file === '-' ? 'Standard input' : file
  try {
    const read: unknown = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'))
    const rules = typeof read === 'object' && read !== null && 'addresses' in read ? read.addresses : read
    if (Array.isArray(rules)) return rules
  } catch (cause) {
    throw new TesseraError('BAD_REQUEST', `${name} cannot be read as JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  throw new TesseraError('BAD_REQUEST', `${name} holds no list of rules: it takes [{ "mode": "allow" or "deny", "ip": "10.0.0.0/8" }].`)
}
