import type { SessionQuery, SessionRow } from '@tessera/protocol'
import { TesseraError } from '@tessera/protocol'
import type { Command } from 'commander'
import { adminClient, type ServerOptions } from './find-server.ts'
import { countdown, printJson, printLine, printTable, shortTime } from './output.ts'
import { receiptLine, receiptsOf } from './receipts.ts'

interface Options extends ServerOptions {
  json?: boolean
  match?: string
  reason?: string
  grace?: string
  dryRun?: boolean
  wait?: boolean
  version?: string
}

type Results = { results: { id: string; ok: boolean; error?: { code: string; message: string } }[]; job: string | null }

/** `tessera sessions ...` */
export const sessionsVerb = (program: Command): void => {
  const sessions = program.command('sessions').description('look at the connected sessions and act on them')
  sessions
    .command('list')
    .description('all sessions, or those that match')
    .option('--match <query>', 'words (; means OR) and terms such as user: state: version:')
    .action(async (_options, command: Command) => list(command.optsWithGlobals()))
  sessions
    .command('show')
    .argument('<id>')
    .description('one session with its processes')
    .action(async (id: string, _options, command: Command) => show(id, command.optsWithGlobals()))
  act(sessions, 'disconnect', 'end sessions now: running calls are aborted, the client may not resume')
  act(sessions, 'end', 'end sessions when their running calls are done').option('--grace <seconds>', 'longest wait', '30')
  act(sessions, 'reload', 'ask clients to run the current version')
    .option('--grace <seconds>', 'time they may take', '0')
    .option('--version <id>', 'another live version')
  sessions
    .command('message')
    .argument('<ids...>', 'session ids, then the text')
    .option('--match <query>')
    .option('--dry-run')
    .option('--wait', 'until each of them has received it, or never will')
    .description('show a message to the users, and say who has received it')
    .action(async (words: string[], _options, command: Command) => message(words, command.optsWithGlobals()))
}

const act = (sessions: Command, name: 'disconnect' | 'end' | 'reload', description: string): Command =>
  sessions
    .command(name)
    .argument('[ids...]')
    .description(description)
    .option('--match <query>', 'every remote session that matches')
    .option('--reason <text>', 'told to the users', '')
    .option('--dry-run', 'say what would happen')
    .action(async (ids: string[], _options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const input = { ...meant(ids, options), reason: options.reason ?? '', dryRun: options.dryRun === true }
      const graceSeconds = Number(options.grace ?? 0)
      const { sessions: verbs } = adminClient(options)
      if (name === 'disconnect') report(await verbs.disconnect.mutate(input), options)
      if (name === 'end') report(await verbs.end.mutate({ ...input, graceSeconds }), options)
      if (name === 'reload')
        report(await verbs.reload.mutate({ ...input, graceSeconds, ...(options.version === undefined ? {} : { version: options.version }) }), options)
    })

const list = async (options: Options): Promise<void> => {
  const client = adminClient(options)
  const query = queryOf(options.match)
  const rows: SessionRow[] = []
  let cursor: string | null = null
  let totals = { total: 0, matching: 0 }
  do {
    const page: { rows: SessionRow[]; total: number; matching: number; cursor: string | null } = await client.sessions.list.query({ query, cursor, limit: 500 })
    rows.push(...page.rows)
    totals = page
    cursor = page.cursor
  } while (cursor !== null)
  if (options.json === true) return printJson({ sessions: rows, total: totals.total, matching: totals.matching, cursor: null })
  printTable(
    ['ID', 'USER', 'MACHINE', 'KIND', 'STATE', 'VERSION', 'SINCE', 'CALLS'],
    rows.map((row) => [
      row.id,
      row.userName,
      row.machineName,
      row.kind,
      stateOf(row),
      row.version.id + (row.version.outdated ? ' (outdated)' : ''),
      shortTime(row.createdAt),
      String(row.calls),
    ]),
  )
  printLine(`${totals.matching} of ${totals.total}`)
}

/** The state; for a session whose client is away also how long it waits. */
const stateOf = ({ state, removedAt }: SessionRow): string => (removedAt === null ? state : `${state} (${countdown(Date.parse(removedAt) - Date.now())} left)`)

const show = async (id: string, options: Options): Promise<void> => {
  const session = await adminClient(options).sessions.get.query({ id })
  if (options.json === true) return printJson(session)
  const { processList, ...facts } = session
  printTable(
    ['FACT', 'VALUE'],
    Object.entries(facts).map(([fact, value]) => [fact, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  )
  printLine('')
  printTable(
    ['PROCESS', 'NAME', 'STATE', 'METHOD', 'CALLS'],
    processList.map((row) => [String(row.number), row.name, row.state, row.method ?? '', String(row.calls)]),
  )
}

const message = async (words: readonly string[], options: Options): Promise<void> => {
  const text = words.at(-1) ?? ''
  const { sessions } = adminClient(options)
  const sent = await sessions.message.mutate({ ...meant(words.slice(0, -1), options), text, dryRun: options.dryRun === true })
  const { receipt: id } = sent
  if (id === undefined) return report(sent, options)
  const recipients = await receiptsOf(() => sessions.receipt.query({ id }), { most: options.wait === true ? null : looksAtReceipt })
  if (sent.results.some(({ ok }) => !ok) || recipients.some(({ state }) => state === 'failed')) process.exitCode = 1
  if (options.json === true) return printJson({ ...resultsJson(sent), receipt: id, recipients })
  printTable(
    ['ID', 'USER', 'RESULT'],
    recipients.map((recipient) => [recipient.sessionId, recipient.userName, receiptLine(recipient)]),
  )
}

/** Clients that are there have it within a moment; what is kept for the others is not waited for. */
const looksAtReceipt = 10

const meant = (ids: readonly string[], options: Options): { ids: string[] } | { match: SessionQuery } => {
  if (options.match !== undefined && ids.length === 0) return { match: queryOf(options.match) }
  if (options.match === undefined && ids.length > 0) return { ids: [...ids] }
  throw new TesseraError('BAD_REQUEST', 'Say which sessions are meant: their ids, or --match QUERY.')
}

const queryOf = (text: string | undefined): SessionQuery => ({ text: text ?? '', chips: [] })

/** Each target's result; the exit code says whether all went well. */
const report = ({ results, job }: Results, options: Options): void => {
  if (results.some(({ ok }) => !ok)) process.exitCode = 1
  if (options.json === true) return printJson(resultsJson({ results, job }))
  printTable(
    ['ID', 'RESULT'],
    results.map(({ id, ok, error }) => [id, ok ? (options.dryRun === true ? 'would be done' : 'done') : `${error?.message ?? ''} (${error?.code ?? ''})`]),
  )
}

const resultsJson = ({ results, job }: Results): Results => ({
  results: results.map(({ id, ok, error }) => ({ id, ok, ...(error === undefined ? {} : { error }) })),
  job,
})
