import { expect, test } from 'vitest'
import { RunQueue, sliceMs } from './run-queue.ts'

const setUp = (costMs: number) => {
  const begun: string[] = []
  const waiting: (() => void)[] = []
  const time = { now: 0 }
  const gate = { isOpen: true }
  const queue = new RunQueue<string>({
    mayBegin: () => gate.isOpen,
    begin: (run) => {
      begun.push(run)
      time.now += costMs
    },
    now: () => time.now,
    later: (rest) => waiting.push(rest),
  })
  return { begun, waiting, queue, gate }
}

test('X27 a session with a thousand runs lets each of the others go after one of its own', () => {
  const { queue, begun } = setUp(0)
  for (let n = 0; n < 1000; n++) queue.add('many', `many ${n}`)
  for (const session of ['one', 'two']) queue.add(session, session)
  queue.work()
  expect(begun.slice(0, 5)).toEqual(['many 0', 'one', 'two', 'many 1', 'many 2'])
  expect(begun).toHaveLength(1002)
  expect(queue.isEmpty).toBe(true)
})

test('X27 after a slice the event loop has its turn, and who comes meanwhile has his', () => {
  const { queue, begun, waiting } = setUp(sliceMs / 2)
  for (let n = 0; n < 4; n++) queue.add('many', `many ${n}`)
  queue.work()
  expect(begun).toEqual(['many 0', 'many 1'])
  queue.add('late', 'late')
  queue.work()
  expect([begun.length, waiting.length]).toEqual([2, 1])
  waiting.shift()?.()
  expect(begun.slice(2)).toEqual(['many 2', 'late'])
  waiting.shift()?.()
  expect(begun.slice(4)).toEqual(['many 3'])
  expect(waiting).toEqual([])
})

test('X25 a run that waits can be taken out', () => {
  const { queue, begun } = setUp(0)
  for (const run of ['a', 'b']) queue.add('one', run)
  expect(queue.remove((run) => run === 'b')).toBe('b')
  expect(queue.remove((run) => run === 'b')).toBeUndefined()
  queue.work()
  expect(begun).toEqual(['a'])
})

test('X30 while nothing may begin all wait, in their order; what is taken back is gone', () => {
  const { queue, begun, gate } = setUp(0)
  gate.isOpen = false
  for (const run of ['a1', 'a2', 'b1', 'b2']) queue.add(run.charAt(0), run)
  queue.work()
  expect(begun).toEqual([])
  queue.removeAll((run) => run === 'a1' || run === 'b1' || run === 'b2')
  queue.putBack('a', 'a0')
  gate.isOpen = true
  queue.work()
  expect([begun, queue.isEmpty]).toEqual([['a0', 'a2'], true])
})
