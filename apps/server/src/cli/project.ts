import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { TesseraError } from '@tessera/protocol'
import type { Command } from 'commander'
import { printJson, printLine, printProblems } from './output.ts'

/** `tessera new`, `schema`, `check`, `pack`: work on a project folder, no server needed. */
export const projectVerbs = (program: Command): void => {
  program
    .command('new')
    .argument('<dir>')
    .description('a project skeleton that type-checks and serves')
    .action(async (directory: string, _options, command: Command) => {
      const { newProject } = await import('@tessera/project')
      await newProject(resolve(directory))
      if (command.optsWithGlobals<{ json?: boolean }>().json === true) return printJson({ directory: resolve(directory) })
      printLine(`Made ${directory}. Next: tessera serve ${directory}`)
    })
  program
    .command('schema')
    .description('the JSON schema of tessera.json, for editors')
    .action(async () => printJson((await import('@tessera/project')).settingsJsonSchema()))
  program
    .command('check')
    .argument('<project>')
    .description('report every problem with file and line')
    .action(async (project: string, _options, command: Command) => check(project, command.optsWithGlobals<{ json?: boolean }>().json === true))
  program
    .command('pack')
    .argument('<project>')
    .requiredOption('-o, --output <file>', 'the package to write (.tsz)')
    .description('pack a project; the same folder gives the same bytes anywhere')
    .action(async (project: string, _options, command: Command) => pack(project, command.optsWithGlobals()))
}

const check = async (project: string, json: boolean): Promise<void> => {
  const { checkProject } = await import('@tessera/project')
  const problems = await checkProject(resolve(project))
  const ok = problems.every(({ severity }) => severity !== 'error')
  if (!ok) process.exitCode = 1
  if (json) return printJson({ ok, problems })
  printProblems(problems)
  printLine(
    ok
      ? `${project} is sound${problems.length > 0 ? `, with ${problems.length} warnings` : ''}`
      : `${problems.filter(({ severity }) => severity === 'error').length} errors`,
  )
}

const pack = async (project: string, { output, json }: { output: string; json?: boolean }): Promise<void> => {
  const { buildProject } = await import('@tessera/project')
  const { archive, digest, files, warnings } = await buildProject(resolve(project))
  try {
    writeFileSync(output, archive)
  } catch (cause) {
    throw new TesseraError('BAD_REQUEST', `${output} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  if (json === true) return printJson({ digest, bytes: archive.length, files })
  printProblems(warnings)
  printLine(`${output}: ${files} files, ${archive.length} bytes, digest ${digest}`)
}
