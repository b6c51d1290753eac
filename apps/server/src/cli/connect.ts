import type { Command } from 'commander'
import { type SignInOptions, signInOf } from './arguments.ts'

/** `tessera connect`: the remote client, without a window of its own. */
export const connectVerb = (program: Command): void => {
  program
    .command('connect')
    .argument('<address>')
    .option('--user <name>')
    .option('--password-stdin', 'read the password from standard input')
    .option('--user-param <text>', 'handed to the client half as remote.userParam', '')
    .option('--may-postpone', 'give up the connection while idle, when the server asks for it')
    .option('--cache-dir <dir>', 'where packages are kept')
    .description('download the project, run its client half')
    .action(async (address: string, _options, command: Command) => {
      const options: SignInOptions & { userParam: string; cacheDir?: string; mayPostpone?: boolean } = command.optsWithGlobals()
      const { runRemote } = await import('@tessera/remote')
      process.exitCode = await runRemote({
        address,
        ...(await signInOf(options)),
        userParam: options.userParam,
        mayPostpone: options.mayPostpone,
        ...(options.cacheDir === undefined ? {} : { cacheDirectory: options.cacheDir }),
        onLine: (line: string) => void process.stderr.write(`${line}\n`),
      })
    })
}
