import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { TesseraError } from '@tessera/protocol'
import type { Command } from 'commander'
import { dataDirectoryOf, type ServeOptions } from '../config.ts'
import { printLine } from './output.ts'
import { serve, serveOptions } from './serve.ts'

const shop = fileURLToPath(new URL('../../../../examples/shop', import.meta.url))

/** `tessera demo`: the shop, published, with a dozen clients at work. */
export const demoVerb = (program: Command): void => {
  serveOptions(program.command('demo').description('serve the example shop to a dozen simulated clients'))
    .option('--clients <n>', 'simulated clients', '12')
    .action(async (_options, command: Command) => {
      const options: ServeOptions & { clients: string } = command.optsWithGlobals()
      const count = Number(options.clients)
      if (!Number.isInteger(count) || count < 0 || count > 500) throw new TesseraError('BAD_REQUEST', '--clients takes a whole number from 0 to 500.')
      const from = performance.now()
      const { DemoClients } = await import('../demo.ts')
      // A signal may come before there are clients.
      const stopClients: { run: () => Promise<void> } = { run: () => Promise.resolve() }
      const server = await serve(shop, options, { beforeStop: () => stopClients.run() })
      const clients = new DemoClients(server, dataDirectoryOf(resolve(shop), options.dataDir))
      stopClients.run = () => clients.stop()
      await clients.start(count)
      printLine(`${count} simulated clients start; ready in ${((performance.now() - from) / 1000).toFixed(1)} s. Ctrl+C stops everything.`)
    })
}
