import { expect, test } from 'vitest'
import { follow } from './follow.ts'

test('B41 following looks until it is interrupted, which is no error, and leaves no listener behind', async () => {
  const before = process.listenerCount('SIGINT')
  let looks = 0
  await follow(async () => {
    looks += 1
    if (looks === 2) process.emit('SIGINT')
  })
  expect(looks).toBe(2)
  expect(process.listenerCount('SIGINT')).toBe(before)
})

test('B41 what goes wrong while looking is the end of it', async () => {
  await expect(follow(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
})
