import { describe, expect, test } from 'vitest'
import { decodeStorable, encodeStorable } from './storable.ts'

const roundTrip = (value: unknown): unknown => decodeStorable(encodeStorable(value))

class Money {
  amount = 1
}

describe('storable values', () => {
  test.each([
    ['null', null],
    ['a text', 'añ€😀\n'],
    ['a nested value', { list: [1, 'two', { three: [true, false, null] }] }],
    ['a date', { at: new Date('2026-11-22T10:00:00.123Z') }],
    ['a bigint', [2n ** 70n, -5n]],
    [
      'bytes of every length',
      [new Uint8Array(), Uint8Array.of(0), Uint8Array.of(1, 2), Uint8Array.of(255, 254, 253), Uint8Array.from({ length: 1000 }, (_, i) => i % 256)],
    ],
    ['members that look like tags', { $date: 'soon', other: [{ $bigint: 'x' }, { $literal: { $bytes: 1 } }] }],
  ])('N1 %s comes back as it was', (_what, value) => {
    expect(roundTrip(value)).toEqual(value)
  })

  test('N1 a member called __proto__ is data and changes no prototype', () => {
    const value = JSON.parse('{"__proto__":{"admin":true},"constructor":1}') as object
    const back = roundTrip(value) as Record<string, unknown>
    expect(Object.keys(back)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
  })

  test('N1 undefined is left out of objects, and null elsewhere', () => {
    expect(roundTrip({ kept: 1, left: undefined })).toEqual({ kept: 1 })
    expect(roundTrip([undefined])).toEqual([null])
    expect(roundTrip(undefined)).toBeNull()
  })

  test('N1 what looks like a tag but for members left out stays what it is', () => {
    expect(roundTrip({ $date: '2026-11-22', left: undefined })).toEqual({ $date: '2026-11-22' })
  })

  test('N1 what needs no tags is written as JSON writes it', () => {
    const value = { list: [1, -0.5, 'x', undefined, null], left: undefined, inner: Object.assign(Object.create(null) as object, { on: true }) }
    expect(encodeStorable(value)).toBe(JSON.stringify(value))
    expect(encodeStorable(Object.assign([1, { at: 2 }], { toJSON: () => 'something else' }))).toBe('[1,{"at":2}]')
    expect(() => encodeStorable({ toJSON: () => 'something else' })).toThrow('toJSON')
  })

  const cycle: Record<string, unknown> = {}
  cycle['self'] = { cycle }
  let deep: unknown = 1
  for (let level = 0; level < 300; level++) deep = [deep]

  test.each([
    ['a function', { form: { onClick: () => 1 } }, 'form.onClick'],
    ['a symbol', [Symbol('x')], '[0]'],
    ['NaN', { price: Number.NaN }, 'price'],
    ['infinity', { price: 1 / 0 }, 'price'],
    ['a class instance', { total: new Money() }, 'total'],
    ['a map', { seats: new Map() }, 'seats'],
    ['an invalid date', { at: new Date('never') }, 'at'],
    ['a cycle', cycle, 'self.cycle'],
    ['too deep a value', deep, 'levels'],
  ])('N2 %s is refused, and the sentence says where', (_what, value, where) => {
    expect(() => encodeStorable(value)).toThrow(expect.objectContaining({ code: 'NOT_STORABLE', message: expect.stringContaining(where) }))
  })

  test.each(['', '{', 'undefined', '{"$date":"never"}', '{"$bigint":"1.5"}', '{"$bytes":"%%"}', '{"$bytes":7}'])('N2 the text %j is refused', (text) => {
    expect(() => decodeStorable(text)).toThrow(expect.objectContaining({ code: 'NOT_STORABLE' }))
  })
})
