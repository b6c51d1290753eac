import { Command, CommanderError } from 'commander'
import { auditVerb } from './audit.ts'
import { callVerb } from './call.ts'
import { callsVerb } from './calls.ts'
import { catalogVerb } from './catalog.ts'
import { clientsVerb } from './clients.ts'
import { connectVerb } from './connect.ts'
import { connectionsVerb } from './connections.ts'
import { demoVerb } from './demo.ts'
import { devVerb } from './dev.ts'
import { directoryVerb } from './directory.ts'
import { printError } from './output.ts'
import { privilegesVerb } from './privileges.ts'
import { proceduresVerb } from './procedures.ts'
import { processesVerb } from './processes.ts'
import { productVersion } from './product-version.ts'
import { projectVerbs } from './project.ts'
import { runVerb } from './run.ts'
import { schedulesVerb } from './schedules.ts'
import { serveVerb } from './serve.ts'
import { sessionsVerb } from './sessions.ts'
import { storageVerb } from './storage.ts'
import { tokensVerb } from './tokens.ts'
import { versionsVerb } from './versions.ts'

const verbs = [
  serveVerb,
  demoVerb,
  devVerb,
  projectVerbs,
  connectVerb,
  callVerb,
  runVerb,
  sessionsVerb,
  connectionsVerb,
  storageVerb,
  privilegesVerb,
  processesVerb,
  callsVerb,
  proceduresVerb,
  schedulesVerb,
  clientsVerb,
  versionsVerb,
  directoryVerb,
  catalogVerb,
  tokensVerb,
  auditVerb,
]

/** Runs one command line. Exit codes: 0 done, 1 failed, 2 used wrongly. */
export const runProgram = async (argv: readonly string[]): Promise<void> => {
  const program = new Command('tessera')
  program.description('An application server for client/server business applications in TypeScript').version(productVersion)
  for (const verb of verbs) verb(program)
  for (const command of leavesOf(program)) {
    command
      .option('--json', 'one JSON document on stdout')
      .option('--url <url>', 'the server, where several run')
      .option('--data-dir <dir>', "the server's data directory")
  }
  forEachCommand(program, (command) => command.exitOverride().showSuggestionAfterError())
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
    else {
      printError(error)
      process.exitCode = 1
    }
  }
}

const forEachCommand = (command: Command, visit: (command: Command) => void): void => {
  visit(command)
  for (const inner of command.commands) forEachCommand(inner, visit)
}

const leavesOf = (command: Command): Command[] => (command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf))
