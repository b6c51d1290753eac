import { encodeStorable } from '@tessera/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { histories, historiesTimeoutMs } from '../../test/histories.ts'
import { commitAtOnce, Replica } from '../testing/index.ts'
import type { Delta } from './delta.ts'
import { StorageDocument } from './storage-document.ts'

const slots = ['a', 'b', 'c'] as const
const writer = { by: 'ana', now: 0 }

type Step =
  | { kind: 'increment' | 'remove'; side: number; slot: (typeof slots)[number]; outside: boolean }
  /** One of the pushes that wait on their way to that side arrives. */
  | { kind: 'deliver'; side: number; pick: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('increment' as const, 'increment' as const, 'remove' as const),
    side: fc.nat(3),
    slot: fc.constantFrom(...slots),
    outside: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('deliver' as const), side: fc.nat(3), pick: fc.nat(20) }),
)

/** A document, isolates with their replicas, pushes that come late and in any order, and what was acknowledged. */
class History {
  readonly kept = new StorageDocument(100_000)
  readonly sides = Array.from({ length: 4 }, () => ({ replica: new Replica({ clock: 0, slots: [] }), late: [] as Delta[] }))
  readonly acknowledged = new Map<string, number>()

  play(one: Step): void {
    const side = this.sides[one.side]
    if (side === undefined) return
    if (one.kind === 'deliver') {
      const [delta] = side.late.splice(one.pick % Math.max(1, side.late.length), 1)
      if (delta !== undefined) side.replica.apply(delta)
    } else if (one.outside) this.#change(new Replica(this.kept.seed()), one, null)
    else this.#change(side.replica, one, side)
  }

  /** What `use` does: the recipe runs again on what the reply carried, until it wins. */
  #change(replica: Replica, { kind, slot }: Exclude<Step, { kind: 'deliver' }>, own: unknown): void {
    for (let won = false; !won; ) {
      const next = Number(replica.slots.get(slot) ?? 0) + 1
      const text = kind === 'remove' ? null : encodeStorable(next)
      const { reply, delta } = commitAtOnce(this.kept, { base: replica.clock, touched: [slot], changes: [[slot, text]] }, writer)
      replica.apply(reply.since)
      won = reply.won
      if (won) this.acknowledged.set(slot, kind === 'remove' ? 0 : (this.acknowledged.get(slot) ?? 0) + 1)
      if (delta !== null) for (const side of this.sides) if (side !== own) side.late.push(delta)
    }
  }
}

describe('storage document, random histories', () => {
  test(
    'T1, T2 no acknowledged change is lost and all replicas converge, however late and disordered the pushes',
    () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
          const history = new History()
          for (const one of steps) history.play(one)
          const whole = new Map(history.kept.seed().slots)
          for (const [slot, count] of history.acknowledged) expect(Number(whole.get(slot) ?? 0)).toBe(count)
          for (const { replica, late } of history.sides) {
            for (const delta of late.reverse()) replica.apply(delta)
            replica.apply(history.kept.since(replica.clock))
            expect(new Map([...replica.slots].sort())).toEqual(new Map([...whole].sort()))
          }
        }),
        histories(),
      )
    },
    historiesTimeoutMs,
  )
})
