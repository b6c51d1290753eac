import { performance } from 'node:perf_hooks'
import { type CallOptions, connect, type Remote } from '@tessera/client'
import type { Storable } from '@tessera/protocol'
import type { Command } from 'commander'
import { parseArguments, parseDeadline, type SignInOptions, signInOf, toJson } from './arguments.ts'
import { printJson, printLine } from './output.ts'

type Options = SignInOptions & { json?: boolean; deadline?: string; key?: string }

/** `tessera call`: connects as a remote, runs one server method, prints its result. Ctrl+C cancels the call. */
export const callVerb = (program: Command): void => {
  program
    .command('call')
    .argument('<address>')
    .argument('<method>')
    .argument('[args...]', 'as JSON')
    .option('--deadline <ms>', 'give the call up after so many milliseconds')
    .option('--key <key>', 'idempotency key: asked again after a lost connection, the call still runs once')
    .option('--user <name>')
    .option('--password-stdin', 'read the password from standard input')
    .description('connect as a client, run one server method, print its result as JSON')
    .action(async (address: string, method: string, args: string[], _options, command: Command) => {
      const options: Options = command.optsWithGlobals()
      const values = parseArguments(args)
      const how = callOptionsOf(options)
      const remote = await connect({ address, ...(await signInOf(options)), client: 'tessera call' })
      try {
        const from = performance.now()
        const result = toJson((await callUntilInterrupted(remote, how, { method, values })) as Storable)
        if (options.json === true)
          printJson({ result, sessionId: remote.sessionId, version: remote.version, durationMs: Math.round((performance.now() - from) * 100) / 100 })
        else printLine(JSON.stringify(result))
      } finally {
        await remote.close()
      }
    })
}

const callOptionsOf = ({ deadline, key }: Options): CallOptions => ({
  ...(deadline === undefined ? {} : { deadlineMs: parseDeadline(deadline) }),
  ...(key === undefined ? {} : { key }),
})

/** Ctrl+C ends the call, on the server too, and then this program says so. */
const callUntilInterrupted = async (remote: Remote, how: CallOptions, { method, values }: { method: string; values: Storable[] }): Promise<unknown> => {
  const interrupt = new AbortController()
  const abort = (): void => interrupt.abort()
  process.once('SIGINT', abort)
  try {
    return await remote.callWith({ ...how, signal: interrupt.signal }, method, ...values)
  } finally {
    process.off('SIGINT', abort)
  }
}
