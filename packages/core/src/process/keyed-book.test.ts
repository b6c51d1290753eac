import { expect, test } from 'vitest'
import { KeyedBook } from './keyed-book.ts'

test('P27 at most 10,000 ended calls are kept: those that ended first are forgotten first, whenever they came', () => {
  const book = new KeyedBook()
  const end = (key: string) => book.end(key, { digest: key, at: 1, outcome: { ok: true, value: '1' } })
  const dropped = Array.from({ length: 10_000 }, (_none, at) => end(`${at}`)).flat()
  expect(dropped).toEqual([])
  end('0')
  expect(end('more')).toEqual([['1', null]])
  expect([book.find('0')?.digest, book.find('1')]).toEqual(['0', undefined])
})
