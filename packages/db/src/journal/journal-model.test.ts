import path from 'node:path'
import type { JournalEntry } from '@tessera/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-database.ts'
import { type OpenedJournal, openJournal } from './open-journal.ts'

type Step = { kind: 'append'; entries: readonly JournalEntry[] } | { kind: 'forget'; session: string } | { kind: 'fold' } | { kind: 'restart' }
type Model = Map<string, Map<string, string>>

const names = fc.constantFrom('', 'a', 'b', '__proto__', 'half \uD83D', '\uFFFE')
const entries = fc.array(fc.record({ session: names, part: names, text: fc.option(fc.string({ unit: 'binary', maxLength: 12 }), { freq: 3 }) }), {
  maxLength: 4,
})
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), entries }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('forget' as const), session: names }) },
    { weight: 3, arbitrary: fc.constant({ kind: 'fold' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  ),
  { maxLength: 40 },
)

const applyTo = (model: Model, step: Step): void => {
  if (step.kind === 'forget') model.delete(step.session)
  if (step.kind !== 'append') return
  for (const { session, part, text } of step.entries) {
    const parts = model.get(session) ?? new Map<string, string>()
    if (text === null) parts.delete(part)
    else parts.set(part, text)
    if (parts.size > 0) model.set(session, parts)
    else model.delete(session)
  }
}

/** A step folds two rows at least, so that folds begin and end anywhere. */
const limits = { logRows: 3, logCharacters: 1_000_000, stepRows: 2, stepCharacters: 1_000_000 }

const perform = ({ journal }: OpenedJournal, step: Step): void => {
  if (step.kind === 'append') journal.write({ fields: step.entries.flatMap(({ session, part, text }) => [session, part, text]), sizes: [step.entries.length] })
  if (step.kind === 'forget') journal.write({ fields: [step.session, null, null], sizes: [1] })
  if (step.kind === 'fold') journal.fold()
}

test('M6 M13 whatever is appended, forgotten, folded and restarted, a journal holds what a map would', async () => {
  const { folder, remove } = await scratchFolder()
  let run = 0
  const property = fc.property(steps, (given) => {
    run += 1
    const options = { file: path.join(folder, `${run}.db`), at: '', limits }
    const model: Model = new Map()
    let open = openJournal(options)
    for (const step of [...given, { kind: 'restart' } as const]) {
      applyTo(model, step)
      perform(open, step)
      if (step.kind !== 'restart') continue
      open.journal.close()
      open = openJournal(options)
      expect(open.damage).toBeNull()
      expect(open.sessions).toEqual(model)
    }
    open.journal.close()
  })
  try {
    fc.assert(property, { numRuns: 300 })
  } finally {
    await remove()
  }
}, 120_000)
