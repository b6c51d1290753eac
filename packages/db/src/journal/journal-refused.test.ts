import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { type JournalFolder, withJournal } from '../../test/journal-home.ts'
import { discardSessions } from '../discard-sessions.ts'
import { headWriter } from './head-writer.ts'
import { journalFormat } from './journal-format.ts'

const filesIn = (folder: string): Map<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(path.join(folder, name)).toString('base64')]))

/** Writes one session, stops, and leaves the files to the test. */
const writeOne = async ({ restart, stop }: JournalFolder): Promise<void> => {
  const journal = await restart()
  await journal.load()
  await journal.append([{ session: 's', part: 'a', text: '1' }])
  await stop()
}

const setFormat = (file: string, format: number): void => {
  const database = new Sqlite(file)
  const { folded, sessions, sum } = database.prepare<[], { folded: number; sessions: number; sum: number }>('SELECT folded, sessions, sum FROM head').get() ?? {
    folded: 0,
    sessions: 0,
    sum: 0,
  }
  headWriter(database)({ format, folded, sessions, sum, damage: null })
  database.close()
}

test('M12 a journal of a newer format is refused, and stays as it was', () =>
  withJournal(async (home) => {
    await writeOne(home)
    setFormat(home.file, journalFormat + 1)
    const before = filesIn(home.folder)
    const journal = await home.restart()
    await expect(journal.load()).rejects.toMatchObject({ code: 'JOURNAL_TOO_NEW', message: expect.stringContaining('newer') })
    await home.stop()
    expect(filesIn(home.folder)).toEqual(before)
    setFormat(home.file, journalFormat)
    expect((await (await home.restart()).load()).sessions.size).toBe(1)
  }))

test('M12 a file that is no journal at all is refused with what to do about it, and stays as it was', () =>
  withJournal(async (home) => {
    const { file, folder } = home
    const other = new Sqlite(path.join(folder, 'other.db'))
    other.exec('CREATE TABLE letters (x); INSERT INTO letters VALUES (1)')
    other.close()
    const garbage = 'This is a letter to the editor. '
    const contents = [
      Buffer.alloc(50_000),
      Buffer.from(garbage),
      Buffer.from(garbage.repeat(1000)),
      Buffer.from([0]),
      readFileSync(path.join(folder, 'other.db')),
    ]
    for (const content of contents) {
      writeFileSync(file, content)
      const before = filesIn(folder)
      const journal = await home.restart()
      await expect(journal.load()).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED', message: expect.stringContaining('--discard-sessions') })
      await home.stop()
      expect(filesIn(folder)).toEqual(before)
    }
  }))

test('M12 a start that was cut short before there was a table is begun again', () =>
  withJournal(async ({ file, restart }) => {
    const database = new Sqlite(file)
    database.pragma('journal_mode = WAL')
    database.close()
    const journal = await restart()
    expect(await journal.load()).toEqual({ sessions: new Map(), damage: null })
    await journal.append([{ session: 's', part: 'a', text: '1' }])
  }))

test('M14 sessions that are discarded are put aside, not deleted, and come back when the file is put back', () =>
  withJournal(async (home) => {
    const { file, folder } = home
    const now = (): Date => new Date('2026-11-24T10:00:00.000Z')
    expect(discardSessions(file, now)).toBeNull()
    for (const name of ['discarded-2026-11-24T10-00-00-000Z', 'discarded-2026-11-24T10-00-00-000Z-2']) {
      await writeOne(home)
      const before = readFileSync(file)
      const aside = discardSessions(file, now)
      expect(aside).toBe(`${file}.${name}`)
      expect(readFileSync(aside ?? '')).toEqual(before)
      expect(await (await home.restart()).load()).toEqual({ sessions: new Map(), damage: null })
      await home.stop()
    }
    writeFileSync(file, readFileSync(`${file}.discarded-2026-11-24T10-00-00-000Z`))
    expect((await (await home.restart()).load()).sessions.get('s')).toEqual(new Map([['a', '1']]))
    expect(readdirSync(folder).filter((name) => name.includes('discarded'))).toHaveLength(4)
  }))

test('M14 what no server could start with can be discarded too', () =>
  withJournal(async ({ file, restart }) => {
    writeFileSync(file, 'garbage')
    writeFileSync(`${file}-wal`, 'garbage')
    const aside = discardSessions(file)
    expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('garbage')
    expect(await (await restart()).load()).toEqual({ sessions: new Map(), damage: null })
  }))
