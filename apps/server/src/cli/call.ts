import { performance } from 'node:perf_hooks'
import { connect } from '@tessera/client'
import type { Storable } from '@tessera/protocol'
import type { Command } from 'commander'
import { parseArguments, type SignInOptions, signInOf, toJson } from './arguments.ts'
import { printJson, printLine } from './output.ts'

/** `tessera call`: connects as a remote, runs one server method, prints its result. */
export const callVerb = (program: Command): void => {
  program
    .command('call')
    .argument('<address>')
    .argument('<method>')
    .argument('[args...]', 'as JSON')
    .option('--user <name>')
    .option('--password-stdin', 'read the password from standard input')
    .description('connect as a client, run one server method, print its result as JSON')
    .action(async (address: string, method: string, args: string[], _options, command: Command) => {
      const options: SignInOptions & { json?: boolean } = command.optsWithGlobals()
      const values = parseArguments(args)
      const remote = await connect({ address, ...(await signInOf(options)), client: 'tessera call' })
      try {
        const from = performance.now()
        const result = toJson((await remote.call(method, ...values)) as Storable)
        if (options.json === true)
          printJson({ result, sessionId: remote.sessionId, version: remote.version, durationMs: Math.round((performance.now() - from) * 100) / 100 })
        else printLine(JSON.stringify(result))
      } finally {
        await remote.close()
      }
    })
}
