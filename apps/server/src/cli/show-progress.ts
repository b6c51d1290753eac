import type { ProcedureProgress } from '@tessera/protocol'

const barWidth = 20
let shown = 0

/** One line that is written over, on a terminal alone; null takes it away. */
export const showProgress = (progress: ProcedureProgress | null): void => {
  if (!process.stderr.isTTY || (progress === null && shown === 0)) return
  const line = progress === null ? '' : progressLine(progress).slice(0, (process.stderr.columns || 80) - 1)
  process.stderr.write(`\r${line.padEnd(shown)}${progress === null ? '\r' : ''}`)
  shown = line.length
}

export const progressLine = ({ fraction, text }: ProcedureProgress): string => {
  const done = Math.round(fraction * barWidth)
  return `[${'#'.repeat(done)}${'.'.repeat(barWidth - done)}] ${String(Math.round(fraction * 100)).padStart(3)} % ${text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')}`
}
