import { formatProblem, type Problem } from '@tessera/protocol'
import { knownError } from './known-error.ts'

/** One JSON document on stdout, and nothing else there. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`)
}

export const printLine = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** Nothing of a client's or project's text moves the cursor of whoever reads it. */
export const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()

/** Columns as wide as their widest cell, each row on one line. Nothing but the headings for no rows. */
export const printTable = (headings: readonly string[], rows: readonly (readonly string[])[]): void => tableLines(headings, rows).forEach(printLine)

export const tableLines = (headings: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  const lines = [headings, ...rows.map((row) => row.map(oneLine))]
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export const printProblems = (problems: readonly Problem[]): void => {
  for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`)
}

/** `tessera: <what> (<CODE>)` on stderr, after the problems of a project; those of arguments have no place and stand in the sentence. */
export const printError = (error: unknown): void => {
  const known = knownError(error)
  if (known.problems !== undefined && known.code !== 'ARGUMENTS_INVALID') printProblems(known.problems)
  process.stderr.write(`tessera: ${known.message.replaceAll(/\s*\n\s*/g, ' ')} (${known.code})\n`)
  if (process.env['TESSERA_DEBUG'] !== undefined && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
}

/** The instant, short and local, for people. */
export const shortTime = (iso: string): string => new Date(iso).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'medium' })

const steps = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3_600 },
  { unit: 'm', seconds: 60 },
  { unit: 's', seconds: 1 },
] as const

/** What is left of a wait, in its two largest units: `47h 59m`, `32s`. */
export const countdown = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const at = steps.findIndex((step) => seconds >= step.seconds)
  const shown = at === -1 ? steps.slice(-1) : steps.slice(at, at + 2)
  let left = seconds
  const parts = shown.map(({ unit, seconds: size }) => {
    const count = Math.floor(left / size)
    left -= count * size
    return { unit, count }
  })
  return parts
    .filter(({ count }, index) => count > 0 || index === 0)
    .map(({ unit, count }) => `${count}${unit}`)
    .join(' ')
}
