import { expect, test } from 'vitest'
import { FairShare } from './fair-share.ts'

const nextRound = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('P34 of what one client says at once a few are done at a time, in order, and nothing more is read from it meanwhile', async () => {
  const said: string[] = []
  const done: number[] = []
  const share = new FairShare(() => ({ pause: () => said.push('pause'), resume: () => said.push('resume') }))
  for (let at = 0; at < 40; at++) share.run(() => done.push(at))
  expect([done.length, said]).toEqual([16, ['pause']])
  await nextRound()
  share.run(() => done.push(40))
  expect([done.length, said]).toEqual([32, ['pause']])
  await nextRound()
  expect([done, said]).toEqual([Array.from({ length: 41 }, (_none, at) => at), ['pause', 'resume']])
  await nextRound()
  share.run(() => done.push(41))
  expect([done.length, said.length]).toEqual([42, 2])
})
