import { asSessionId } from '@tessera/core'
import { expect, test } from 'vitest'
import { Replica } from './replica.ts'

const replicaAt = (clock: number): Replica => {
  const replica = new Replica(asSessionId('S'))
  replica.seed({ clock, slots: [['a', '"old"']] })
  return replica
}

test('T1 a delta that leaves a gap waits until the gap is filled', () => {
  const replica = replicaAt(3)
  replica.apply({ from: 4, clock: 5, changes: [['b', '5']] })
  expect([replica.clock, replica.read('b')]).toEqual([3, undefined])
  replica.apply({ from: 3, clock: 4, changes: [['a', '4']] })
  expect([replica.clock, replica.read('a'), replica.read('b')]).toEqual([5, 4, 5])
})

test('T1 a delta that is older than the document changes nothing, one that overlaps it does', () => {
  const replica = replicaAt(3)
  replica.apply({ from: 1, clock: 2, changes: [['a', '"older"']] })
  expect(replica.read('a')).toBe('old')
  replica.apply({ from: 1, clock: 4, changes: [['b', '1']] })
  expect([replica.clock, replica.all()]).toEqual([4, { a: 'old', b: 1 }])
})

test('T1 a reset replaces the whole document', () => {
  const replica = replicaAt(3)
  const heard: unknown[] = []
  replica.watch('a', (value) => heard.push(value))
  replica.apply({ from: 8, clock: 9, changes: [['c', '1']], reset: true })
  expect([replica.clock, replica.all(), heard]).toEqual([9, { c: 1 }, [undefined]])
})

test('T1 deltas that come before the seed are held for it', () => {
  const replica = new Replica(asSessionId('S'))
  replica.apply({ from: 5, clock: 6, changes: [['b', '6']] })
  replica.apply({ from: 3, clock: 4, changes: [['a', '4']] })
  replica.seed({ clock: 5, slots: [['a', '5']] })
  expect([replica.clock, replica.all()]).toEqual([6, { a: 5, b: 6 }])
})

test('T8 a replica of a clock that never was takes the whole document that it is answered', () => {
  const replica = replicaAt(9)
  replica.apply({ from: 0, clock: 4, changes: [['b', '4']], reset: true })
  expect([replica.clock, replica.all()]).toEqual([9, { a: 'old' }])
  replica.applyAnswer(9, { from: 0, clock: 4, changes: [['b', '4']], reset: true })
  expect([replica.clock, replica.all()]).toEqual([4, { b: 4 }])
  replica.apply({ from: 4, clock: 5, changes: [['b', '5']] })
  expect(replica.all()).toEqual({ b: 5 })
})

test('T6 a delta that tells again what is known is no change', () => {
  const replica = replicaAt(3)
  const heard: unknown[] = []
  replica.watch('a', (value) => heard.push(value))
  replica.apply({ from: 3, clock: 4, changes: [['a', '4']] })
  const overlapping = {
    from: 3,
    clock: 5,
    changes: [
      ['a', '4'],
      ['b', '5'],
      ['never', null],
    ],
  } as const
  replica.apply(overlapping)
  replica.apply(overlapping)
  expect([heard, replica.all()]).toEqual([[4], { a: 4, b: 5 }])
})
