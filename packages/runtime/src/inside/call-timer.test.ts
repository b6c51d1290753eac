import { createGate } from '@tessera/core/testing'
import { expect, test } from 'vitest'
import { CallTimer } from './call-timer.ts'

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
}

test('P66 a call is told its run, and its waiting for storage once however many requests wait at a time', async () => {
  let now = 100
  const timer = new CallTimer(() => now)
  const [first, second] = [createGate(), createGate()]
  now = 110
  timer.waitForStorage(first.passed)
  now = 115
  timer.waitForStorage(second.passed)
  now = 120
  first.open()
  await settle()
  expect(timer.timings()).toEqual({ runMs: 20, storageMs: 10, dataMs: 0 })
  now = 130
  second.open()
  await settle()
  now = 150
  expect(timer.timings()).toEqual({ runMs: 50, storageMs: 20, dataMs: 0 })
})
