import { describe, expect, test } from 'vitest'
import type { JournalEntry, SessionJournal } from '../ports/session-journal.ts'
import { type MakeStore, withStore } from './with-store.ts'

/** Where a journal is kept: `restart` closes the one that is open and opens what it kept. */
export interface JournalHome {
  restart(): Promise<SessionJournal>
}

type Kept = Record<string, Record<string, string>>

/** As plain objects without a prototype, so that a part named `__proto__` is one. */
const keptIn = async (journal: SessionJournal): Promise<Kept> => {
  const { sessions, damage } = await journal.load()
  expect(damage).toBeNull()
  const kept: Kept = Object.create(null)
  for (const [session, parts] of sessions) kept[session] = Object.assign(Object.create(null), Object.fromEntries(parts))
  return kept
}

const afterRestart = async (home: JournalHome): Promise<Kept> => keptIn(await home.restart())

const loaded = async (home: JournalHome): Promise<SessionJournal> => {
  const journal = await home.restart()
  await journal.load()
  return journal
}

const entry = (session: string, part: string, text: string | null): JournalEntry => ({ session, part, text })

export const sessionJournalContract = (name: string, make: MakeStore<JournalHome>): void => {
  describe(`session journal: ${name}`, () => {
    test('M6 a new journal is empty, and one of which nothing is left is too', () =>
      withStore(make, async (home) => {
        expect(await afterRestart(home)).toEqual({})
        const journal = await loaded(home)
        await journal.append([])
        await journal.append([entry('s', 'a', '1'), entry('s', 'a', null), entry('s', 'never', null)])
        await journal.forget('unknown')
        expect(await afterRestart(home)).toEqual({})
      }))

    test('M6 of each part there is what was written last', () =>
      withStore(make, async (home) => {
        const journal = await loaded(home)
        await journal.append([entry('s', 'a', '1'), entry('s', 'b', '1'), entry('t', 'a', '1')])
        await journal.append([entry('s', 'a', '2')])
        await journal.append([entry('t', 'a', '3'), entry('t', 'a', '4')])
        expect(await afterRestart(home)).toEqual({ s: { a: '2', b: '1' }, t: { a: '4' } })
      }))

    test('M6 a part that was removed is gone, and a session with its last part', () =>
      withStore(make, async (home) => {
        const journal = await loaded(home)
        await journal.append([entry('s', 'a', '1'), entry('s', 'b', ''), entry('t', 'a', '1')])
        await journal.append([entry('s', 'a', null), entry('t', 'a', null)])
        expect(await afterRestart(home)).toEqual({ s: { b: '' } })
      }))

    test('M6 a session that is forgotten is gone whole, and no other; what is appended after it begins it anew', () =>
      withStore(make, async (home) => {
        const journal = await loaded(home)
        await journal.append([entry('s', 'a', '1'), entry('s', 'b', '1'), entry('t', 'a', '1'), entry('u', 'a', '1')])
        await Promise.all([journal.forget('s'), journal.append([entry('s', 'c', '2')]), journal.forget('t')])
        expect(await afterRestart(home)).toEqual({ s: { c: '2' }, u: { a: '1' } })
      }))

    test('M6 restart after restart, each goes on where the one before ended', () =>
      withStore(make, async (home) => {
        for (let round = 1; round <= 4; round += 1) {
          const journal = await loaded(home)
          await journal.append([entry('s', `round ${round}`, 'x'), entry('s', 'last', `${round}`)])
          if (round === 2) await journal.append([entry('s', 'round 1', null)])
        }
        expect(await afterRestart(home)).toEqual({ s: { 'round 2': 'x', 'round 3': 'x', 'round 4': 'x', last: '4' } })
      }))

    test('M6 thousands of appends at once are answered in the order of asking, and take effect in it', () =>
      withStore(make, async (home) => {
        const journal = await loaded(home)
        const answered: number[] = []
        const all = Array.from({ length: 5000 }, (_, index) =>
          (index % 100 === 99 ? journal.forget('shared') : journal.append([entry('shared', `${index % 7}`, `${index}`), entry(`own ${index}`, 'a', 'x')])).then(
            () => answered.push(index),
          ),
        )
        await Promise.all(all)
        expect(answered).toEqual(all.map((_, index) => index))
        await journal.append([entry('shared', 'end', 'x')])
        const { shared, ...own } = await afterRestart(home)
        expect(shared).toEqual({ end: 'x' })
        expect(Object.keys(own)).toHaveLength(4950)
      }))

    test('M6 what was loaded is the caller’s own: what is appended later does not change it, nor the other way', () =>
      withStore(make, async (home) => {
        await (await loaded(home)).append([entry('s', 'a', '1')])
        const journal = await home.restart()
        const { sessions } = await journal.load()
        const parts = sessions.get('s')
        const entries = [entry('s', 'a', '2'), entry('t', 'a', '2')]
        const appended = journal.append(entries)
        entries.pop()
        await appended
        expect([...(parts ?? [])]).toEqual([['a', '1']])
        expect([...sessions.keys()]).toEqual(['s'])
        expect(await afterRestart(home)).toEqual({ s: { a: '2' }, t: { a: '2' } })
      }))

    test('M8 any name and any text is kept as it is', () =>
      withStore(make, async (home) => {
        const journal = await loaded(home)
        const names = [...oddTexts, 'n'.repeat(257), 'é'.repeat(1000)]
        const expected: Kept = Object.create(null)
        for (const session of names) {
          const parts: Record<string, string> = Object.create(null)
          for (const [index, part] of names.entries()) parts[part] = names[(index + 3) % names.length] ?? ''
          expected[session] = parts
          await journal.append(Object.entries(parts).map(([part, text]) => entry(session, part, text)))
        }
        expect(await afterRestart(home)).toEqual(expected)
        const again = await loaded(home)
        await Promise.all(names.slice(2).map((session) => again.forget(session)))
        await again.append(names.slice(1).map((part) => entry(names[0] ?? '', part, null)))
        expect(await afterRestart(home)).toEqual({ '': { '': expected['']?.[''] }, [names[1] ?? '']: expected[names[1] ?? ''] })
      }))

    test('M8 texts of a megabyte and more are kept as they are', () =>
      withStore(make, async (home) => {
        const journal = await loaded(home)
        const texts = ['a'.repeat(1_048_576), '日'.repeat(400_000), `${'x'.repeat(3_000_000)}\uD800`]
        await Promise.all(texts.map((text, index) => journal.append([entry('big', `${index}`, text), entry(`small ${index}`, 'a', '')])))
        const kept = await afterRestart(home)
        // Not toEqual: on a difference it would print megabytes.
        for (const [index, text] of texts.entries()) expect(kept['big']?.[index] === text).toBe(true)
        expect(Object.keys(kept)).toHaveLength(4)
      }))

    test('M6 many sessions are kept apart', () =>
      withStore(make, async (home) => {
        const journal = await loaded(home)
        const ids = Array.from({ length: 3000 }, (_, index) => `session ${index}`)
        await Promise.all(ids.map((id) => journal.append([entry(id, 'facts', id), entry(id, 'slot', `of ${id}`)])))
        await Promise.all(ids.filter((_, index) => index % 3 === 0).map((id) => journal.forget(id)))
        const kept = await afterRestart(home)
        expect(Object.keys(kept)).toHaveLength(2000)
        for (const [id, parts] of Object.entries(kept)) expect(parts).toEqual({ facts: id, slot: `of ${id}` })
      }))
  })
}

const oddTexts = [
  '',
  '__proto__',
  'constructor',
  'null',
  'a\0b',
  '\0',
  '\uFEFFmark',
  '\uFFFE',
  '\uFFFE"x"',
  '\uFFFF',
  '🚀 日本 é e\u0301',
  'half \uD83D',
  '\uDE80 half',
  '\uD83D',
  "'; DROP TABLE log; --",
  '\n\r\t\u2028',
]
