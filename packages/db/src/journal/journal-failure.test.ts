import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { SessionJournal } from '@tessera/core'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { withJournal } from '../../test/journal-home.ts'
import { asOrdinaryUser } from '../../test/ordinary-user.ts'
import { scratchFolder } from '../../test/scratch-database.ts'
import { openSessionJournal } from '../session-journal.ts'
import { beginJournal, emptyHead } from './create-journal.ts'
import { JournalFile, openJournalDatabase } from './journal-file.ts'
import { openJournal } from './open-journal.ts'

const change = (file: string, sql: string): void => {
  const database = new Sqlite(file)
  database.exec(sql)
  database.close()
}

/** SQLite itself refuses what is appended to a session named `refused`, as a disk does that has no space for it. */
const refusing = `CREATE TRIGGER refuse BEFORE INSERT ON log WHEN new.session = 'refused' BEGIN SELECT RAISE(ABORT, 'no space is left'); END`

const put = (journal: SessionJournal, session: string, text = '1'): Promise<void> => journal.append([{ session, part: 'a', text }])

describe('M9 a journal that cannot be written', () => {
  test('M9 refuses a group whole and all that was asked for by then, in order, and goes on with what is asked for later', () =>
    withJournal(async ({ file, restart, stop }) => {
      await (await restart()).load()
      await stop()
      change(file, refusing)
      const journal = await restart()
      await journal.load()
      await put(journal, 'before')
      const answers: string[] = []
      const note = (name: string, asked: Promise<void>): Promise<unknown> =>
        asked.then(
          () => answers.push(`${name} kept`),
          (error: unknown) => {
            expect(error).toMatchObject({ code: 'JOURNAL_UNWRITABLE', retryable: true, message: expect.stringContaining('no space is left') })
            answers.push(`${name} refused`)
          },
        )
      const first = [note('same group', put(journal, 'same')), note('the refused', put(journal, 'refused')), note('forget', journal.forget('before'))]
      // Larger than a group may be, so it waits for the next one.
      first.push(note('large', put(journal, 'large', 'x'.repeat(16_000_000))), note('queued', put(journal, 'queued')))
      await Promise.all(first)
      expect(answers).toEqual(['same group', 'the refused', 'forget', 'large', 'queued'].map((name) => `${name} refused`))
      await put(journal, 'after')
      const { sessions, damage } = await (await restart()).load()
      expect(damage).toBeNull()
      expect([...sessions.keys()]).toEqual(['before', 'after'])
    }))

  test('M9 on a full disk keeps nothing of a group, all that was kept before, and recovers when space is freed', async () => {
    const { folder, remove } = await scratchFolder()
    const file = path.join(folder, 'journal.db')
    beginJournal(file)
    const database = openJournalDatabase(file)
    const limits = { logRows: 20, logCharacters: 1_000_000, stepRows: 1000, stepCharacters: 1_000_000 }
    const journal = new JournalFile(file, database, { head: emptyHead, lastSeq: 0, logLength: 0, sessions: [], limits })
    database.pragma('max_page_count = 12')
    const kept: string[] = []
    const write = (session: string): void => journal.write({ fields: [session, 'a', 'x'.repeat(500), session, 'b', session], sizes: [2] })
    const writeAll = (): void => {
      for (let index = 0; index < 60; index += 1) {
        write(`s${kept.length}`)
        kept.push(`s${kept.length}`)
      }
    }
    expect(writeAll).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }))
    expect(() => journal.fold()).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }))
    const whenFull = kept.length
    expect(whenFull).toBeGreaterThan(10)
    database.pragma('max_page_count = 100000')
    writeAll()
    while (journal.needsFolding) journal.fold()
    journal.close()
    const { journal: again, sessions, damage } = openJournal({ file, at: '' })
    again.close()
    expect(damage).toBeNull()
    expect([...sessions.keys()].sort()).toEqual([...kept].sort())
    for (const [session, parts] of sessions) expect([...parts.keys(), parts.get('b')]).toEqual(['a', 'b', session])
    await remove()
  })

  test('M9 asked before it was loaded, or after it was closed, refuses; closing waits for what is under way', () =>
    withJournal(async ({ restart }) => {
      const early = await restart()
      await expect(put(early, 's')).rejects.toMatchObject({ code: 'JOURNAL_UNWRITABLE', message: expect.stringContaining('not loaded') })
      await early.load()
      await expect(early.load()).rejects.toMatchObject({ code: 'INTERNAL' })
      const underWay = Array.from({ length: 50 }, (_, index) => put(early, `s${index}`))
      await early.close()
      await Promise.all(underWay)
      await expect(put(early, 'late')).rejects.toMatchObject({ code: 'JOURNAL_UNWRITABLE', message: expect.stringContaining('closed') })
      await expect(early.forget('s1')).rejects.toMatchObject({ code: 'JOURNAL_UNWRITABLE' })
      await early.close()
      expect((await (await restart()).load()).sessions.size).toBe(50)
    }))

  test('M9 in a folder, or on a file, that this user may not write is one clear error, and stays as it was', () =>
    withJournal(async ({ folder, file }) => {
      const open = async (): Promise<void> => {
        const journal = await openSessionJournal({ file })
        await journal.load().finally(() => journal.close())
      }
      await asOrdinaryUser(folder, async ({ lock }) => {
        await lock(folder, 0o555)
        await expect(open()).rejects.toMatchObject({ code: 'DATA_DIR_UNWRITABLE', message: expect.stringContaining(file) })
        await lock(folder, 0o777)
        await open()
        const before = await readFile(file)
        await lock(file, 0o444)
        await expect(open()).rejects.toMatchObject({ code: 'DATA_DIR_UNWRITABLE' })
        await lock(file, 0o600)
        await lock(folder, 0o555)
        await expect(open()).rejects.toMatchObject({ code: 'DATA_DIR_UNWRITABLE' })
        expect(await readFile(file)).toEqual(before)
        await lock(folder, 0o777)
        await open()
        for (const name of [file, `${file}-acknowledged`]) expect((await stat(name)).mode & 0o077).toBe(0)
      })
    }))
})
