import { expect, test } from 'vitest'
import { LocalProcesses } from '../src/half/local-processes.ts'

test('P58 a client tells its own processes, under numbers of its own and with what they wait for', async () => {
  const processes = new LocalProcesses('S')
  const told = () => processes.activity().processes?.map(({ ID, name, number, state, visible }) => [ID, name, number, state, visible])
  const other = processes.open('other')
  let answer: (value: number) => void = () => undefined
  const asked = processes.during(other, new Promise<number>((resolve) => (answer = resolve)))
  expect(told()).toEqual([
    ['S-1', 'main', 1, 0, true],
    ['S-2', 'other', 2, 3, false],
  ])
  answer(5)
  expect(await asked).toBe(5)
  expect(told()?.[1]).toEqual(['S-2', 'other', 2, 2, false])
  processes.close(other)
  const [main, ...more] = processes.activity().processes ?? []
  expect(more).toEqual([])
  expect(main).toMatchObject({ sessionID: 'S', systemID: process.pid, preemptive: false, type: 4 })
  expect(main?.cpuTime).toBeGreaterThan(0)
})
