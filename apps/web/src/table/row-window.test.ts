import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { windowFor, windowRows } from './row-window.ts'

describe('the window of rows to watch', () => {
  it('stays where it is while the view is well inside', () => {
    expect(windowFor({ first: 60, last: 90 }, 0, 10_000)).toBe(0)
    expect(windowFor({ first: 300, last: 330 }, 250, 10_000)).toBe(250)
  })

  it('moves before the view comes to its edge', () => {
    expect(windowFor({ first: 150, last: 180 }, 0, 10_000)).toBe(50)
  })

  it('does not move for a list that fits', () => {
    expect(windowFor({ first: 150, last: 199 }, 0, windowRows)).toBe(0)
  })

  it('always covers what is visible, and settles at once', () => {
    const anyView = fc.record({
      count: fc.integer({ min: 1, max: 20_000 }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      height: fc.integer({ min: 1, max: 60 }),
      current: fc.integer({ min: 0, max: 20_000 }),
    })
    fc.assert(
      fc.property(anyView, ({ count, at, height, current }) => {
        const first = Math.floor(at * Math.max(0, count - height))
        const visible = { first, last: Math.min(count - 1, first + height) }
        const offset = windowFor(visible, current, count)
        expect(offset).toBeLessThanOrEqual(visible.first)
        expect(offset + windowRows).toBeGreaterThan(visible.last)
        expect(windowFor(visible, offset, count)).toBe(offset)
      }),
    )
  })
})
