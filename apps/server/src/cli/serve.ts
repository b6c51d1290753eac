import { performance } from 'node:perf_hooks'
import { TesseraError } from '@tessera/protocol'
import type { Command } from 'commander'
import { parseServeOptions, type ServeOptions } from '../config.ts'
import type { RunningTessera } from '../start-server.ts'
import { knownError } from './known-error.ts'
import { printLine, printProblems } from './output.ts'
import { productVersion } from './product-version.ts'
import { stopNotice } from './stop-notice.ts'
import { consoleLink } from './tokens.ts'

export const serveOptions = (command: Command): Command =>
  command
    .option('--port <port>', 'the one port (default: that of tessera.json, else 19813)')
    .option('--host <host>', 'the address to listen on (default 127.0.0.1)')
    .option('--allow-host <name>', 'another name the server answers under (repeatable)', (name: string, before: string[] = []) => [...before, name])
    .option('--max-clients <n>', 'most licences in use at once (default: what was set with tessera connections licences)')
    .option('--heartbeat <n>', 'seconds between two signs of life; a client that is two thirds of them late is unreachable (default 15)')
    .option('--grace-seconds <n>', 'how long a lost client may stay away (default 900)')
    .option('--sleep-timeout <n>', 'how long the session of a sleeping machine is kept, in seconds (default 172800)')
    .option('--postpone-after <n>', 'quiet seconds after which a client that agrees gives up its connection; 0: never (default 20)')
    .option('--postponed-timeout <n>', 'how long a postponed session is kept, in seconds (default 28800)')
    .option('--max-payload <bytes>', 'largest arguments or result of a call (default 1048576)')
    .option('--storage-quota <bytes>', "most that one session's storage holds (default 1048576)")
    .option('--register-clients <machine|user>', 'register each client as it connects, under the name of its machine or its user')
    .option('--isolates <n>', 'isolate processes of each version (default: one a core, at least 2)')
    .option('--tls-cert <file>')
    .option('--tls-key <file>')
    .option('--open', 'let other machines in without access control')
    .option('--insecure-http', 'allow the console on plain HTTP from other machines')
    .option('--discard-sessions', 'start without the sessions that were kept; their journal is put aside')
    .option('--watch', 'publish again whenever the project changes')

/** `tessera serve` */
export const serveVerb = (program: Command): void => {
  serveOptions(program.command('serve').argument('<project>').description('publish a project')).action(async (project: string, _options, command: Command) => {
    await serve(project, command.optsWithGlobals<ServeOptions>())
  })
}

/** Serves until a signal; prints where, and how long it took. */
export const serve = async (project: string, options: ServeOptions, life: { beforeStop?: () => Promise<void> } = {}): Promise<RunningTessera> => {
  const from = performance.now()
  const config = parseServeOptions(project, options)
  const [{ startServer }, { createLogger }] = await Promise.all([import('../start-server.ts'), import('../pino-logger.ts')])
  const logger = createLogger(process.env['TESSERA_LOG'] ?? 'warn')
  const server = await startServer({ config, productVersion, logger, onStep: (step) => process.stderr.write(`tessera: ${step}\n`) })
  stopOnSignals(server, life.beforeStop)
  if (config.watch) await watch(config.projectDirectory, server)
  for (const warning of server.warnings) process.stderr.write(`tessera: warning: ${warning}\n`)
  const { version, publication } = await server.engine.reads.server()
  const link = await server.engine.dispatch('link.create', {}, { kind: 'system' })
  printLine(`${publication} ${version?.id ?? ''} is served at ${server.url} (ready in ${((performance.now() - from) / 1000).toFixed(1)} s)`)
  printLine(`Console, signed in once with this link: ${consoleLink(server.url, link.token)}`)
  return server
}

const watch = async (directory: string, server: RunningTessera): Promise<void> => {
  const { watchProject } = await import('@tessera/project')
  server.bus.on('roles.changed', () => printLine('other roles are in force'))
  await watchProject(directory, (paths) => void follow(server, paths))
  // What was saved while the server started.
  await publishAgain(server)
}

/** What roles.json says counts at once, whatever becomes of the code; alone it makes no version. */
const follow = async (server: RunningTessera, paths: readonly string[]): Promise<void> => {
  if (paths.includes(rolesFile)) await reloadRoles(server)
  if (paths.some((path) => path !== rolesFile)) await publishAgain(server)
}

const rolesFile = 'roles.json'

const reloadRoles = async ({ engine }: RunningTessera): Promise<void> => {
  try {
    await engine.dispatch('roles.reload', {}, { kind: 'system' })
  } catch (error) {
    tellFailure(error, 'the roles before stay in force')
  }
}

const publishAgain = async ({ engine }: RunningTessera): Promise<void> => {
  try {
    const { changed, version } = await engine.dispatch('version.reload', {}, { kind: 'system' })
    if (changed) printLine(`version ${version.id} is current`)
  } catch (error) {
    tellFailure(error, 'the version before stays current')
  }
}

const tellFailure = (error: unknown, stays: string): void => {
  const { code, message, problems } = knownError(error)
  printProblems(problems ?? [])
  process.stderr.write(`tessera: ${message} (${code}); ${stays}\n`)
}

/** A signal to the whole group arrives twice within a moment: that is one request, not two. */
const impatientAfterMs = 1000

const tellEveryMs = 2500

const tellWhatIsLeft = ({ engine }: RunningTessera): void => {
  const notice = stopNotice(engine.reads.processes(null))
  if (notice !== null) process.stderr.write(`tessera: ${notice}\n`)
}

const stopOnSignals = (server: RunningTessera, beforeStop: () => Promise<void> = () => Promise.resolve()): void => {
  let askedAt: number | null = null
  const stop = (signal: string): void => {
    if (askedAt !== null) {
      if (performance.now() - askedAt > impatientAfterMs) process.exit(130)
      return
    }
    askedAt = performance.now()
    process.stderr.write(`tessera: stopping (${signal})\n`)
    setInterval(() => tellWhatIsLeft(server), tellEveryMs).unref()
    beforeStop()
      .then(() => server.stop('The server stops.'))
      .then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`tessera: ${error instanceof TesseraError ? error.message : String(error)}\n`)
          process.exit(1)
        },
      )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}
