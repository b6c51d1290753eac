import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { encodeStorable, payloadText } from '@tessera/protocol'
import type { Command } from 'commander'
import { parseArguments, parseDeadline } from './arguments.ts'
import { printJson, printLine } from './output.ts'
import { productVersion } from './product-version.ts'

/** `tessera run`: the project alone, with the same engine and a session of its own (4d.md SES-10). */
export const runVerb = (program: Command): void => {
  program
    .command('run')
    .argument('<project>')
    .argument('[method]')
    .argument('[args...]', 'as JSON')
    .option('--deadline <ms>', 'give the method up after so many milliseconds')
    .description('run a project alone, or one method of it')
    .action(async (project: string, method: string | undefined, args: string[], _options, command: Command) => {
      const values = parseArguments(args)
      const { json = false, deadline } = command.optsWithGlobals<{ json?: boolean; deadline?: string }>()
      const deadlineMs = deadline === undefined ? undefined : parseDeadline(deadline)
      const [{ composeStandalone }, { createLogger }] = await Promise.all([import('../compose-standalone.ts'), import('../pino-logger.ts')])
      const { engine, close } = composeStandalone(resolve(project), productVersion, createLogger(process.env['TESSERA_LOG'] ?? 'warn'))
      // The engine's own timers keep no program running, and a method may wait for nothing else.
      const alive = deadlineMs === undefined ? undefined : setInterval(() => undefined, deadlineMs)
      try {
        await engine.start()
        await runOnce(engine, { method, args: encodeStorable(values), deadlineMs, json })
      } finally {
        clearInterval(alive)
        await engine.stop('The run is over.')
        await close()
      }
    })
}

const runOnce = async (
  engine: Awaited<ReturnType<typeof import('../compose-standalone.ts').composeStandalone>>['engine'],
  { method, args, deadlineMs, json }: { method: string | undefined; args: string; deadlineMs: number | undefined; json: boolean },
): Promise<void> => {
  const by = { kind: 'system' } as const
  const { sessionId, process: number, version } = await engine.dispatch('standalone.open', {}, by)
  const from = performance.now()
  if (method === undefined) {
    await engine.dispatch('standalone.run', { sessionId, name: 'onStartup' }, by)
    await engine.dispatch('standalone.run', { sessionId, name: 'onExit' }, by)
    return
  }
  const result: unknown = JSON.parse(payloadText(await engine.dispatch('method.call', { sessionId, process: number, method, args, deadlineMs }, by)))
  if (json) printJson({ result, sessionId, version, durationMs: Math.round((performance.now() - from) * 100) / 100 })
  else printLine(JSON.stringify(result))
}
