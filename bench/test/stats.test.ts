import { describe, expect, test } from 'vitest'
import { formatSummary, quantile, ratiosInRounds, rotated, summarise } from '../lib/stats.mjs'

describe('statistics', () => {
  test('B20 a quantile lies between its neighbours in proportion, whatever the order of the values', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([10, 0], 0.99)).toBeCloseTo(9.9)
    expect(quantile([7], 0.99)).toBe(7)
    expect(quantile([], 0.5)).toBeNaN()
  })

  test('B20 a summary is the median with the least and the most', () => {
    expect(summarise([3, 1, 8])).toEqual({ median: 3, min: 1, max: 8, count: 3 })
    expect(formatSummary(summarise([3000, 0.5, 120]))).toBe('120 (0.50-3,000)')
    expect(formatSummary(undefined)).toBe('-')
    expect(formatSummary(summarise([Number.NaN]))).toBe('-')
  })

  test('B20 a ratio is taken inside a round, so that a machine that slows down changes none', () => {
    const rows = [1, 10, 100].flatMap((slowness, round) => [
      { variant: 'base', round, cpu: slowness },
      { variant: 'other', round, cpu: 2 * slowness },
    ])
    expect(ratiosInRounds(rows, 'cpu', 'base').get('other')).toEqual({ median: 2, min: 2, max: 2, count: 3 })
  })

  test('B20 a round in which either was not measured counts for no ratio', () => {
    const rows = [
      { variant: 'other', round: 0, cpu: 5 },
      { variant: 'base', round: 1, cpu: null },
      { variant: 'other', round: 1, cpu: 5 },
      { variant: 'base', round: 2, cpu: 2 },
      { variant: 'other', round: 2, cpu: 5 },
    ]
    expect(ratiosInRounds(rows, 'cpu', 'base').get('other')).toEqual({ median: 2.5, min: 2.5, max: 2.5, count: 1 })
  })

  test('B20 each round starts with another peer', () => {
    expect(rotated(['a', 'b', 'c'], 0)).toEqual(['a', 'b', 'c'])
    expect(rotated(['a', 'b', 'c'], 4)).toEqual(['b', 'c', 'a'])
  })
})
