import { expect, test } from 'vitest'
import { ProcessVariables } from './process-variables.ts'

test('X4 only what changed is told, in place or not', () => {
  const variables = new ProcessVariables([
    ['cart', '[1]'],
    ['name', '"ada"'],
    ['old', '1'],
  ])
  expect(variables.takeChanges().changes).toEqual([])
  ;(variables.get('cart') as number[]).push(2)
  variables.set('name', 'ada')
  variables.delete('old')
  variables.delete('never')
  variables.set('day', new Date(0))
  expect(variables.takeChanges()).toEqual({
    changes: [
      ['cart', '[1,2]'],
      ['old', null],
      ['day', '{"$date":"1970-01-01T00:00:00.000Z"}'],
    ],
    problem: null,
  })
  expect(variables.takeChanges().changes).toEqual([])
})

test('X4 values reached by enumerating may have been changed too', () => {
  const variables = new ProcessVariables([
    ['a', '[]'],
    ['b', '[]'],
  ])
  for (const [, value] of variables) (value as number[]).push(1)
  expect(variables.takeChanges().changes).toHaveLength(2)
  for (const value of variables.values()) (value as number[]).push(1)
  expect(variables.takeChanges().changes).toHaveLength(2)
  variables.clear()
  expect(variables.takeChanges().changes).toEqual([
    ['a', null],
    ['b', null],
  ])
})

test('X4 what another isolate could not be given is refused', () => {
  const variables = new ProcessVariables([])
  expect(() => variables.set('fn', (() => 1) as never)).toThrow(/function/)
  expect(variables.has('fn')).toBe(false)
  const value: Record<string, unknown> = {}
  variables.set('late', value as never)
  value['fn'] = () => 1
  variables.set('good', 1)
  expect(variables.takeChanges()).toMatchObject({
    changes: [['good', '1']],
    problem: { code: 'NOT_STORABLE', message: expect.stringContaining('"late": fn is a function') },
  })
})
