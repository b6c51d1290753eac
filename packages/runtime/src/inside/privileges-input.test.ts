import { expect, test } from 'vitest'
import { parsePrivilegesInput } from './privileges-input.ts'

test('X1 privileges are given in three forms', () => {
  expect(parsePrivilegesInput('a, b,')).toEqual({ names: ['a', 'b'], roles: [], userName: null })
  expect(parsePrivilegesInput(['a', 'b,c'])).toEqual({ names: ['a', 'b', 'c'], roles: [], userName: null })
  expect(parsePrivilegesInput({ privileges: 'a', roles: ['boss'], userName: 'ada' })).toEqual({ names: ['a'], roles: ['boss'], userName: 'ada' })
  expect(parsePrivilegesInput({})).toEqual({ names: [], roles: [], userName: null })
})

test('X1 anything else is BAD_REQUEST', () => {
  for (const input of [undefined, null, 1, [1], { privileges: 1 }, { roles: [null] }, { userName: 1 }]) {
    expect(() => parsePrivilegesInput(input)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
  }
})
