import { beforeEach, expect, test } from 'vitest'
import { type Board, boardOn, doubleAt, intAt, newBoardMemory } from './board.ts'
import { BoardWatch, type Reading, type Step } from './board-watch.ts'

let board: Board
let watch: BoardWatch
let reading: Reading

beforeEach(() => {
  board = boardOn(newBoardMemory())
  reading = { now: 0, cpuMs: 0, running: false, mainMs: 0 }
  watch = new BoardWatch(board, reading)
})

const step = (change: Partial<Reading> = {}): Step => {
  reading = { ...reading, now: reading.now + 10, ...change }
  return watch.step(reading)
}
const run = (process: number): void => {
  board.ints[intAt.process] = process
  board.ints[intAt.run] = process * 10
  board.ints[intAt.changes] = (board.ints[intAt.changes] ?? 0) + 1
}
const answer = (): void => {
  board.ints[intAt.answers] = (board.ints[intAt.answers] ?? 0) + 1
}
/** Steps of ten milliseconds in which the main thread works and does not answer. */
const work = (steps: number): Step['report'][] =>
  Array.from({ length: steps }, () => step({ running: true, cpuMs: reading.cpuMs + 10, mainMs: (reading.mainMs ?? 0) + 10 }).report)

test('X20 a ping that is not answered in time is told with what runs, and so is the end of it', () => {
  run(3)
  expect(step().ping).toBe(true)
  const [report] = work(10).filter((each) => each !== null)
  expect(report?.stuck).toEqual({ run: 30, process: 3, method: 0, sinceMs: 100, closing: 1 })
  answer()
  expect(step().report?.stuck).toBeNull()
})

test('X20 what runs when it is told is what is named, not what was entered first', () => {
  run(3)
  step()
  work(5)
  run(4)
  expect(work(6).find((report) => report !== null)?.stuck).toMatchObject({ process: 4 })
})

test('X20 a main thread that is given no processor is not blamed for it', () => {
  run(3)
  step()
  expect(Array.from({ length: 40 }, () => step({ running: true }).report?.stuck ?? null).every((stuck) => stuck === null)).toBe(true)
})

test('X20 a process that stood still as a whole is not blamed for it', () => {
  run(3)
  step()
  expect(step({ now: 60_000 }).report?.stuck).toBeNull()
})

test('X20 CPU time is divided by who was seen at work', () => {
  run(1)
  work(30)
  run(2)
  answer()
  const cpu = new Map(work(30).flatMap((report) => report?.cpu ?? []))
  expect((cpu.get(1) ?? 0) + (cpu.get(2) ?? 0)).toBeGreaterThan(0)
  expect(cpu.get(2)).toBeGreaterThan(0)
})

test('X20 an isolate in which nothing happens is left alone, and still heard of', () => {
  run(1)
  step()
  answer()
  for (let n = 0; n < 25; n++) {
    step()
    answer()
  }
  step()
  expect(watch.mayRest).toBe(true)
  expect(step().ping).toBe(false)
  expect(step({ now: reading.now + 600 }).report).toMatchObject({ stuck: null, cpu: [] })
  run(2)
  expect(step().ping).toBe(true)
})

test('X20 busy is the share of the last seconds', () => {
  run(1)
  board.doubles[doubleAt.activeMs] = 0
  step({ now: 500 })
  answer()
  board.doubles[doubleAt.activeMs] = 250
  expect(step({ now: 1000 }).report?.busy).toBe(0.5)
})
