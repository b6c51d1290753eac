import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { JournalDamage } from '@tessera/core'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-database.ts'
import { AcknowledgedMark } from './acknowledged-mark.ts'
import type { JournalFile } from './journal-file.ts'
import { JournalRefused } from './journal-refused.ts'
import { type OpenedJournal, openJournal } from './open-journal.ts'
import type { JournalParts } from './read-state.ts'

const limits = { logRows: 1_000_000, logCharacters: 1_000_000_000, stepRows: 40, stepCharacters: 1_000_000 }
const at = '2026-11-24T10:00:00.000Z'
const suffixes = ['', '-wal', '-acknowledged'] as const

type Bytes = Record<(typeof suffixes)[number], Buffer>

/** Files as they lie on the disk at one moment, and what was acknowledged by then: one model for each append, the first empty. */
interface Image {
  bytes: Bytes
  models: readonly JournalParts[]
}

const copyModel = (model: JournalParts): JournalParts => new Map([...model].map(([session, parts]) => [session, new Map(parts)]))

/** Thirty appends over twelve sessions: parts that change, that go, sessions that are forgotten, and texts longer than a page. */
const writeHistory = (journal: JournalFile, models: JournalParts[]): void => {
  const model = copyModel(models.at(-1) ?? new Map())
  for (let round = 0; round < 30; round += 1) {
    const index = models.length
    const session = `session ${index % 12}`
    const text = `${index}:`.repeat(index % 5 === 0 ? 2000 : 20)
    if (index % 11 === 10) {
      journal.write({ fields: [session, null, null], sizes: [1] })
      model.delete(session)
    } else {
      journal.write({ fields: [session, 'facts', `facts ${index}`, session, `slot ${index % 3}`, text], sizes: [2] })
      model.set(session, new Map([...(model.get(session) ?? []), ['facts', `facts ${index}`], [`slot ${index % 3}`, text]]))
    }
    models.push(copyModel(model))
  }
}

const readBytes = (file: string): Bytes => {
  const [main, wal, mark] = suffixes.map((suffix) => (existsSync(file + suffix) ? readFileSync(file + suffix) : Buffer.alloc(0)))
  return { '': main ?? Buffer.alloc(0), '-wal': wal ?? Buffer.alloc(0), '-acknowledged': mark ?? Buffer.alloc(0) }
}

let folder = ''
let images: Record<'killed' | 'folded' | 'stopped', Image>
let remove = async (): Promise<void> => undefined

beforeAll(async () => {
  const scratch = await scratchFolder()
  folder = scratch.folder
  remove = scratch.remove
  const file = path.join(folder, 'source.db')
  const models: JournalParts[] = [new Map()]
  const first = openJournal({ file, at, limits })
  writeHistory(first.journal, models)
  const killed = { bytes: readBytes(file), models: [...models] }
  first.journal.fold()
  first.journal.close()
  const second = openJournal({ file, at, limits })
  writeHistory(second.journal, models)
  const folded = { bytes: readBytes(file), models: [...models] }
  second.journal.fold()
  second.journal.close()
  images = { killed, folded, stopped: { bytes: readBytes(file), models } }
})

afterAll(() => remove())

let number = 0

/** A folder of its own with the files of an image; without those that are empty. */
const lay = (bytes: Bytes): string => {
  number += 1
  const file = path.join(folder, `${number}`, 'journal.db')
  mkdirSync(path.dirname(file))
  for (const suffix of suffixes) if (suffix === '' || bytes[suffix].length > 0) writeFileSync(file + suffix, bytes[suffix])
  return file
}

const tryOpen = (file: string): OpenedJournal | null => {
  try {
    return openJournal({ file, at, limits })
  } catch (error) {
    if (!(error instanceof JournalRefused)) throw error
    expect(error.code).toBe('JOURNAL_DAMAGED')
    expect(error.message).toContain('--discard-sessions')
    return null
  }
}

const isSame = (a: ReadonlyMap<string, string> | undefined, b: ReadonlyMap<string, string> | undefined): boolean =>
  a?.size === b?.size && [...(a ?? [])].every(([part, text]) => b?.get(part) === text)

/** Whether `sessions` is what `model` says, but for sessions that were left out. */
const isReadingOf = (model: JournalParts, sessions: JournalParts): boolean => [...sessions].every(([session, parts]) => isSame(model.get(session), parts))

/** Where whole sessions are missing not even their names are known. */
const isLeftOut = (session: string, damage: JournalDamage | null): boolean =>
  damage !== null && (damage.sessions.includes(session) || /head cannot be read|older sessions/.test(damage.what))

interface Verdict {
  /** How many appends are there; null where nothing can be read. */
  kept: number | null
  damage: JournalDamage | null
}

/** Opens damaged files and holds what comes of it against what was acknowledged. */
const judge = (bytes: Bytes, models: readonly JournalParts[]): Verdict => {
  const file = lay(bytes)
  const opened = tryOpen(file)
  if (opened === null) {
    expect(readBytes(file)).toEqual(bytes)
    expect(readdirSync(path.dirname(file)).filter((name) => !suffixes.some((suffix) => name === `journal.db${suffix}`))).toEqual([])
    return { kept: null, damage: null }
  }
  const { journal, sessions, damage } = opened
  const kept = models.findLastIndex(
    (model) => isReadingOf(model, sessions) && [...model.keys()].every((session) => sessions.has(session) || isLeftOut(session, damage)),
  )
  expect(kept, 'what was salvaged was never acknowledged').toBeGreaterThanOrEqual(0)
  if (damage === null) expect(kept, 'damage that nobody was told of').toBe(models.length - 1)
  else expectAside(damage, bytes)
  journal.write({ fields: ['after', 'a', 'x'], sizes: [1] })
  journal.close()
  const again = openJournal({ file, at, limits })
  expect(again.damage).toBeNull()
  expect(again.sessions).toEqual(new Map([...sessions, ['after', new Map([['a', 'x']])]]))
  again.journal.close()
  return { kept, damage }
}

const expectAside = ({ file, what }: JournalDamage, bytes: Bytes): void => {
  expect(what).not.toBe('')
  const aside = readBytes(file ?? '')
  for (const suffix of suffixes) expect(aside[suffix].equals(bytes[suffix]), `journal.db${suffix} as it was`).toBe(true)
}

const markWith = (seq: number): Buffer => {
  const file = path.join(folder, 'mark.db')
  const mark = new AcknowledgedMark(file)
  mark.set(seq)
  mark.close()
  return readBytes(file)['-acknowledged']
}

const cut = (bytes: Buffer, length: number): Buffer => bytes.subarray(0, length)
const zeroFrom = (bytes: Buffer, from: number): Buffer => Buffer.concat([bytes.subarray(0, from), Buffer.alloc(bytes.length - from)])
const flip = (bytes: Buffer, offset: number, bit: number): Buffer => {
  const flipped = Buffer.from(bytes)
  flipped[offset] = (flipped[offset] ?? 0) ^ (1 << bit)
  return flipped
}

/** Offsets all over a file; the step is prime, so that they meet every place of a page in turn. */
const offsetsOf = (bytes: Buffer, count: number): number[] => Array.from({ length: count }, (_, index) => (index * 7919 + index) % Math.max(1, bytes.length))

describe.each(['killed', 'folded', 'stopped'] as const)('M11 a journal that was %s', (name) => {
  test('M11 is whole when nothing was damaged', () => {
    const { bytes, models } = images[name]
    expect(judge(bytes, models)).toEqual({ kept: models.length - 1, damage: null })
  })

  test.each(['', '-wal'] as const)(
    'M11 and journal.db%s cut anywhere: what is salvaged was acknowledged, and what is missing is told',
    (suffix) => {
      const { bytes, models } = images[name]
      for (const offset of offsetsOf(bytes[suffix], bytes[suffix].length === 0 ? 0 : 30)) judge({ ...bytes, [suffix]: cut(bytes[suffix], offset) }, models)
    },
    120_000,
  )

  test.each(['', '-wal'] as const)(
    'M11 and journal.db%s full of zeros from anywhere on',
    (suffix) => {
      const { bytes, models } = images[name]
      for (const offset of offsetsOf(bytes[suffix], bytes[suffix].length === 0 ? 0 : 30)) judge({ ...bytes, [suffix]: zeroFrom(bytes[suffix], offset) }, models)
    },
    120_000,
  )

  test.each(['', '-wal'] as const)(
    'M11 and journal.db%s with a bit flipped anywhere',
    (suffix) => {
      const { bytes, models } = images[name]
      for (const [index, offset] of offsetsOf(bytes[suffix], bytes[suffix].length === 0 ? 0 : 80).entries())
        judge({ ...bytes, [suffix]: flip(bytes[suffix], offset, index % 8) }, models)
    },
    120_000,
  )
})

const allParts = (reading: JournalParts | undefined): number => [...(reading ?? [])].reduce((total, [, { size }]) => total + size, 0)

test('M11 a write-ahead log that was cut loses what lay behind the cut, and tells how many entries that is', () => {
  const { bytes, models } = images.killed
  for (const part of [0.3, 0.6, 0.95]) {
    const { kept, damage } = judge({ ...bytes, '-wal': cut(bytes['-wal'], Math.floor(bytes['-wal'].length * part)) }, models)
    if (kept === null) throw new Error('Nothing was read.')
    expect(kept).toBeGreaterThan(30 * part - 10)
    expect(damage?.sessions).toEqual([])
    // Every eleventh append forgets, and has one entry; the others have two.
    const missing = models.flatMap((_, index) => (index <= kept ? [] : index % 11 === 10 ? [1] : [1, 1]))
    expect(damage?.entriesCut).toBe(missing.length)
  }
})

test('M11 a log entry that was altered ends what is salvaged: the append before it is the last', () => {
  const { bytes, models } = images.folded
  const file = lay(bytes)
  const database = new Sqlite(file)
  database.exec(`UPDATE log SET text = text || ' ' WHERE seq = (SELECT max(seq) - 20 FROM log)`)
  database.close()
  const { kept } = judge(readBytes(file), models)
  expect(kept).toBeGreaterThan(45)
  expect(kept).toBeLessThan(models.length - 9)
})

test('M7 M11 a session of which a folded part was altered, or is missing, is left out whole, and no other', () => {
  const { bytes, models } = images.stopped
  for (const change of [`UPDATE state SET text = 'x'`, 'DELETE FROM state', `UPDATE state SET part = part || 'x'`]) {
    const file = lay(bytes)
    const database = new Sqlite(file)
    database.exec(`${change} WHERE session = 'session 5' AND part = 'facts'`)
    database.close()
    const { kept, damage } = judge(readBytes(file), models)
    expect(damage).toMatchObject({ sessions: ['session 5'] })
    expect(kept).toBe(models.length - 1)
    expect(allParts(models.at(-1))).toBeGreaterThan(20)
  }
})

test('M7 M11 a folded session that is missing whole is noticed, and what the log says of it is not taken for all of it', () => {
  const file = path.join(folder, 'missing.db')
  const { journal } = openJournal({ file, at, limits })
  journal.write({ fields: ['old', 'a', '1', 'other', 'a', '1'], sizes: [2] })
  journal.fold()
  journal.write({ fields: ['old', 'b', '2', 'new', 'a', '2'], sizes: [1, 1] })
  journal.close()
  const database = new Sqlite(file)
  database.exec(`DELETE FROM state WHERE session = 'old'; DELETE FROM sessions WHERE session = 'old'`)
  database.close()
  const { journal: after, sessions, damage } = openJournal({ file, at, limits })
  after.close()
  expect([...sessions.keys()].sort()).toEqual(['new', 'other'])
  expect(damage).toMatchObject({ sessions: ['old'] })
})

/** Where each transaction of a write-ahead log ends. */
const commitsOf = (wal: Buffer): number[] =>
  Array.from({ length: (wal.length - 32) / 4120 }, (_, index) => 32 + index * 4120).flatMap((frame) => (wal.readUInt32BE(frame + 4) > 0 ? [frame + 4120] : []))

test('M10 a group that a kill left unfinished was not acknowledged, and is no damage', () => {
  const { bytes, models } = images.killed
  const commits = commitsOf(bytes['-wal'])
  const [before = 0, last = 0] = commits.slice(-2)
  const mark = Number(bytes['-acknowledged'].toString('latin1', 0, 16)) - 2
  const acknowledged = markWith(mark)
  for (const end of [before, before + 24, before + 24 + 4096, last - 4096, last - 1])
    expect(judge({ ...bytes, '-wal': cut(bytes['-wal'], end), '-acknowledged': acknowledged }, models.slice(0, -1))).toEqual({
      kept: models.length - 2,
      damage: null,
    })
  const torn = Buffer.from(bytes['-wal'])
  torn.fill(7, last - 4096, last)
  expect(judge({ ...bytes, '-wal': torn, '-acknowledged': acknowledged }, models.slice(0, -1)).damage).toBeNull()
})

test('M11 without the mark of what was acknowledged a broken log is noticed where a later transaction was begun', () => {
  const { bytes, models } = images.killed
  const commits = commitsOf(bytes['-wal'])
  const broken = flip(bytes['-wal'], (commits.at(-3) ?? 0) - 100, 3)
  const { kept, damage } = judge({ ...bytes, '-wal': broken, '-acknowledged': Buffer.alloc(0) }, models)
  expect(kept).toBe(models.length - 4)
  expect(damage?.what).toContain('write-ahead log')
})

test('M11 a salvage that was interrupted is finished at the next start, and its damage told until something is kept', () => {
  const { bytes, models } = images.killed
  const file = lay({ ...bytes, '-wal': cut(bytes['-wal'], 60_000) })
  const salvaged = openJournal({ file, at, limits })
  salvaged.journal.close()
  const aside = salvaged.damage?.file ?? ''
  // As it lay before the two changed places, and as half of that was done.
  for (const step of ['before', 'between']) {
    renameSync(file, `${file}.salvaged`)
    if (step === 'before') for (const suffix of suffixes) renameSync(aside + suffix, file + suffix)
    writeFileSync(`${file}.salvaging`, 'half')
    const again = openJournal({ file, at, limits })
    expect(again.damage).toEqual(salvaged.damage)
    expect(again.sessions).toEqual(salvaged.sessions)
    again.journal.close()
    expect(readdirSync(path.dirname(file)).filter((name) => name.includes('salvag'))).toEqual([])
    expect(readBytes(aside)['-wal'].length).toBe(60_000)
  }
  expect(models.length).toBe(31)
})

test('M11 an empty file is a new journal, but what was acknowledged before is missed', () => {
  const fresh = openJournal({ file: lay({ '': Buffer.alloc(0), '-wal': Buffer.alloc(0), '-acknowledged': Buffer.alloc(0) }), at, limits })
  expect([fresh.damage, fresh.sessions.size]).toEqual([null, 0])
  fresh.journal.close()
  const { damage } = judge({ ...images.stopped.bytes, '': Buffer.alloc(0) }, images.stopped.models)
  expect(damage).toMatchObject({ entriesCut: 115, what: 'It is empty.' })
})
