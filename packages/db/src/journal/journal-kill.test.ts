import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { withJournal } from '../../test/journal-home.ts'

const writer = fileURLToPath(new URL('../../test/endless-journal.mjs', import.meta.url))

/** By session the number of the append or, every fifty, the forgetting that was acknowledged last. */
type Acknowledged = Map<string, number>

interface Round {
  file: string
  notes: string
  round: number
  /** The child is killed when so many answers have come. */
  enough: number
}

const writeUntilKilled = async ({ file, notes, round, enough }: Round): Promise<void> => {
  const child = spawn(process.execPath, [writer, file, notes, `${round}`, '8'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let answers = 0
  child.stdout.on('data', (dots: Buffer) => {
    answers += dots.length
    if (answers >= enough) child.kill('SIGKILL')
  })
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')
}

const readNotes = (notes: string): Acknowledged => {
  const lines = readFileSync(notes, 'utf8').trimEnd().split('\n')
  return new Map(lines.map((line) => [line.replace(/ \d+$/, ''), Number(line.split(' ').at(-1))]))
}

const keptAfter = (number: number): number => (number % 50 === 0 ? 0 : number)

const numberOf = (text: string | undefined): number => Number(text?.split(' ')[0] ?? 0)

test(
  'M10 after kill -9, again and again, all that was acknowledged is there, nothing is there by half, and nothing counts as damage',
  () =>
    withJournal(async ({ file, restart, stop }) => {
      const notes = `${file}.notes`
      for (let round = 1; round <= 12; round += 1) {
        await writeUntilKilled({ file, notes, round, enough: 1 + ((round * 389) % 1500) })
        const { sessions, damage } = await (await restart()).load()
        await stop()
        expect(damage).toBeNull()
        for (const [session, last] of readNotes(notes)) {
          const parts = sessions.get(session)
          const [one, two] = [numberOf(parts?.get('one')), numberOf(parts?.get('two'))]
          expect(one, `both entries of an append of ${session}`).toBe(two)
          // The one that was not answered when the kill came may be there, or not.
          expect([keptAfter(last), keptAfter(last + 1)], `${session} after round ${round}`).toContain(one)
        }
      }
      expect(readNotes(notes).size).toBeGreaterThan(50)
    }),
  120_000,
)
