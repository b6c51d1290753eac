import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withJournal } from '../../test/journal-home.ts'

test('M13 a journal that is written over and over stays small: the file, its write-ahead log, and what a start reads', () =>
  withJournal(async ({ file, restart, stop }) => {
    const journal = await restart()
    await journal.load()
    const text = 'x'.repeat(10_000)
    const largest = { file: 0, wal: 0 }
    for (let round = 0; round < 100; round += 1) {
      await Promise.all(Array.from({ length: 100 }, (_, index) => journal.append([{ session: `s${index}`, part: 'document', text: text + round }])))
      largest.file = Math.max(largest.file, statSync(file).size)
      largest.wal = Math.max(largest.wal, statSync(`${file}-wal`).size)
    }
    // 100 MB were written, of which 1 MB is the last of its part.
    expect(largest.file).toBeLessThan(40_000_000)
    expect(largest.wal).toBeLessThan(20_000_000)
    await stop()
    const { sessions } = await (await restart()).load()
    expect(sessions.size).toBe(100)
    for (const parts of sessions.values()) expect(parts.get('document') === `${text}99`).toBe(true)
  }))

test('M13 many short entries are folded too, and the file stays small', () =>
  withJournal(async ({ file, restart, stop }) => {
    const journal = await restart()
    await journal.load()
    for (let round = 0; round < 5; round += 1)
      await Promise.all(Array.from({ length: 5000 }, (_, index) => journal.append([{ session: `s${index}`, part: 'a', text: `${round}` }])))
    const { sessions } = await (await restart()).load()
    expect(sessions.size).toBe(5000)
    await stop()
    expect(statSync(file).size).toBeLessThan(10_000_000)
  }))
