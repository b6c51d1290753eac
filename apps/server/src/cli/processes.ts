import type { AbortOutcome } from '@tessera/core'
import type { Command } from 'commander'
import { adminClient, type ServerOptions } from './find-server.ts'
import { printJson, printLine, printTable, shortTime } from './output.ts'

type Options = ServerOptions & { json?: boolean; session?: string; reason?: string }

/** `tessera processes ...` */
export const processesVerb = (program: Command): void => {
  const processes = program.command('processes').description('what runs in the sessions')
  processes
    .command('list')
    .option('--session <id>', 'of one session')
    .action((_options, command: Command) => list(command.optsWithGlobals()))
  processes
    .command('abort')
    .description('end the call that runs in a process; calls that wait there go on')
    .argument('<id>')
    .option('--reason <text>', 'told to the caller')
    .action((id: string, _options, command: Command) => abort(id, command.optsWithGlobals()))
  processes
    .command('pause')
    .description('begin no call in a process until it is activated; one that runs goes on')
    .argument('<id>')
    .action((id: string, _options, command: Command) => hold('pause', id, command.optsWithGlobals()))
  processes
    .command('activate')
    .description('let the calls of a paused process begin')
    .argument('<id>')
    .action((id: string, _options, command: Command) => hold('activate', id, command.optsWithGlobals()))
}

const list = async (options: Options): Promise<void> => {
  const { processes: rows } = await adminClient(options).processes.list.query(options.session === undefined ? {} : { session: options.session })
  if (options.json === true) return printJson({ processes: rows })
  printTable(
    ['NUMBER', 'KIND', 'NAME', 'STATE', 'METHOD', 'SINCE', 'CPU', 'CALLS', 'QUEUED', 'ISOLATE', 'ID'],
    rows.map((row) => [
      String(row.number),
      row.kind,
      row.name,
      row.state,
      row.method ?? '',
      shortTime(row.startedAt),
      row.cpuUsage === null ? '' : `${Math.round(row.cpuUsage * 100)} %`,
      String(row.calls),
      String(row.queued),
      row.isolate ?? '',
      row.id,
    ]),
  )
}

const abort = async (processId: string, options: Options): Promise<void> => {
  const { outcome, sessionId, method } = await adminClient(options).processes.abort.mutate({ processId, reason: options.reason ?? '' })
  if (options.json === true) printJson({ processId, sessionId, method, outcome })
  else printLine(`${method}: ${outcomes[outcome]}`)
}

const outcomes: Readonly<Record<AbortOutcome, string>> = {
  yielded: 'ended',
  killed: 'ended with its isolate, which did not answer',
  gone: 'had ended already',
}

const hold = async (act: 'pause' | 'activate', processId: string, options: Options): Promise<void> => {
  await adminClient(options).processes[act].mutate({ processId })
  if (options.json === true) printJson({ processId, state: act === 'pause' ? 'paused' : 'active' })
  else printLine(act === 'pause' ? 'paused: calls wait until it is activated' : 'activated')
}
