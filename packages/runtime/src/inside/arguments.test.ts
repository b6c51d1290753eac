import { z } from '@tessera/kit'
import { expect, test } from 'vitest'
import { checkArguments, parseArguments } from './arguments.ts'

const problemsOf = (check: () => unknown): string[] => {
  try {
    check()
  } catch (error) {
    const { problems = [] } = error as { problems?: readonly { message: string }[] }
    return problems.map(({ message }) => message.split(':')[0] ?? '')
  }
  return []
}

test('X7 a tuple checks all arguments, any other schema the first', () => {
  const pair = z.tuple([z.string(), z.number()])
  expect(checkArguments(pair, ['a', 1])).toEqual(['a', 1])
  expect(problemsOf(() => checkArguments(pair, [1, 'a']))).toEqual(['arguments[0]', 'arguments[1]'])
  expect(problemsOf(() => checkArguments(pair, ['a', 1, 2]))).toEqual(['arguments'])
  expect(checkArguments(z.array(z.number()), [[1], 'rest'])).toEqual([[1], 'rest'])
  expect(problemsOf(() => checkArguments(z.string(), []))).toEqual(['arguments[0]'])
})

test('X7 a tuple is known through refinements and transformations', () => {
  const refined = z.tuple([z.number(), z.number()]).refine(([from, to]) => from < to)
  expect(problemsOf(() => checkArguments(refined, [2, 1]))).toEqual(['arguments'])
  expect(
    checkArguments(
      z.tuple([z.number()]).transform(([n]) => [n, n * 2]),
      [2],
    ),
  ).toEqual([2, 4])
})

test('X7 every path is named, however deep', () => {
  const order = z.object({ lines: z.array(z.object({ sku: z.string(), 'how many': z.number() })) })
  expect(problemsOf(() => checkArguments(order, [{ lines: [{ sku: 1, 'how many': 2 }, { sku: 'a' }] }]))).toEqual([
    'arguments[0].lines[0].sku',
    'arguments[0].lines[1].how many',
  ])
})

test('X7 arguments that are no list are refused', () => {
  for (const text of ['{}', '"a"', 'nonsense', '[{"$date":"never"}]']) {
    expect(() => parseArguments(text)).toThrow(expect.objectContaining({ code: 'ARGUMENTS_INVALID' }))
  }
})
