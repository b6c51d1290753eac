import type { Command } from 'commander'
import type { ServeOptions } from '../config.ts'
import { printLine } from './output.ts'
import { serve, serveOptions } from './serve.ts'

/** `tessera dev`: publishes again at each change; in a clone of Tessera the console comes from its sources too. */
export const devVerb = (program: Command): void => {
  serveOptions(program.command('dev').argument('<project>').description('publish a project again at each change'))
    .option('--console-port <port>', 'where the console is served from its sources', '3000')
    .action(async (project: string, _options, command: Command) => {
      const options: ServeOptions & { consolePort: string } = command.optsWithGlobals()
      const { startDevConsole, hasConsoleSources } = await import('../dev-console.ts')
      const address = `http://localhost:${options.consolePort}`
      const fromSources = hasConsoleSources()
      const stopConsole: { run: () => Promise<void> } = { run: () => Promise.resolve() }
      const server = await serve(project, { ...options, watch: true, ...(fromSources ? { devConsole: address } : {}) }, { beforeStop: () => stopConsole.run() })
      if (!fromSources) return
      stopConsole.run = startDevConsole({ port: options.consolePort, backend: server.url })
      printLine(`The console from its sources: ${address}/console/`)
    })
}
