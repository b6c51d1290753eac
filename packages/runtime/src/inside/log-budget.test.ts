import { expect, test } from 'vitest'
import { LogBudget } from './log-budget.ts'

test('X12 lines are cut, counted when they come too fast, and told of afterwards', () => {
  let now = 0
  const budget = new LogBudget(() => now)
  const taken = Array.from({ length: 300 }, () => budget.take('x')).filter((line) => line !== null)
  expect(taken).toHaveLength(200)
  now = 1000
  expect(budget.take('y')).toBe('(100 lines dropped) y')
  expect(budget.take('z'.repeat(9000))).toBe(`${'z'.repeat(8192)} (cut)`)
})
