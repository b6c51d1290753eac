import { TesseraError } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { clientNameMatcher, readClientName, readClientPattern } from './client-name.ts'

const matches = (pattern: string, name: string): boolean => clientNameMatcher(pattern)(name)

test('P70 a name has 1 to 200 characters, not blanks alone and no wildcard', () => {
  expect(readClientName('  Till 3 ')).toBe('Till 3')
  for (const name of ['', '  ', 'x'.repeat(201), 'till@3']) expect(() => readClientName(name)).toThrow(TesseraError)
  expect(readClientPattern('till@')).toBe('till@')
  for (const name of ['', '\t', '@'.repeat(201)]) expect(() => readClientPattern(name)).toThrow(TesseraError)
})

test('P71 @ stands for any text, and case does not count', () => {
  for (const pattern of ['@', 'TILL 3', 'till@', '@3', 't@3', '@ill@', 'till@ @3', '@@', 'till 3@'])
    expect([pattern, matches(pattern, 'Till 3')]).toEqual([pattern, true])
  for (const pattern of ['till', 'ill 3', '@4', 'till 3@3', '3@till', 'till 3 @', '@lll@', 'TILL 3@ 3'])
    expect([pattern, matches(pattern, 'Till 3')]).toEqual([pattern, false])
  expect(matches('a@a', 'a')).toBe(false)
})

test('P71 no pattern takes long', () => {
  const from = performance.now()
  expect(matches(`${'a@'.repeat(99)}b`, 'a'.repeat(200))).toBe(false)
  expect(performance.now() - from).toBeLessThan(50)
})
