import { encodeStorable } from '@tessera/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histories, historiesTimeoutMs } from '../../test/histories.ts'
import { Replica } from '../testing/index.ts'
import type { Delta } from './delta.ts'
import { type DecidedChange, StorageDocument } from './storage-document.ts'

const names = ['a', 'b', 'c'] as const
type Slot = (typeof names)[number]

type Step =
  | { kind: 'increment' | 'remove'; side: number; slot: Slot }
  /** The oldest decided change is durable. */
  | { kind: 'durable' }
  /** The disk is full: nothing that waits is kept. */
  | { kind: 'full' }
  /** The server is killed, and the next one starts with what is durable. */
  | { kind: 'killed' }
  /** A push arrives late, in any order. */
  | { kind: 'deliver'; side: number; pick: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('increment' as const, 'increment' as const, 'increment' as const, 'remove' as const),
      side: fc.nat(3),
      slot: fc.constantFrom(...names),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'durable' as const }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'full' as const }, { kind: 'killed' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('deliver' as const), side: fc.nat(3), pick: fc.nat(20) }) },
)

interface Side {
  replica: Replica
  late: Delta[]
}
interface Writing {
  side: Side
  slot: Slot
  kind: 'increment' | 'remove'
  base: number
}

/** What the winner of a commit is told. */
type WonReply = (document: StorageDocument, base: number, own: Delta) => Delta
const everythingSince: WonReply = (document, base) => document.since(base)

/** Writers on four replicas, a journal that takes its time, and what was acknowledged. */
class History {
  document = new StorageDocument(100_000)
  sides: Side[] = []
  readonly acknowledged = new Map<Slot, number>()
  #pending: { writing: Writing; change: DecidedChange }[] = []
  /** Losers, and the change that they wait for. */
  #losers: { writing: Writing; until: DecidedChange | null }[] = []

  readonly #won: WonReply

  constructor(won: WonReply) {
    this.#won = won
    this.#startSides()
  }

  play(one: Step): void {
    if (one.kind === 'durable') this.#durable()
    else if (one.kind === 'full') this.#full()
    else if (one.kind === 'killed') this.#killed()
    else if (one.kind === 'deliver') this.#deliver(this.#side(one.side), one.pick)
    else this.#write({ side: this.#side(one.side), slot: one.slot, kind: one.kind, base: 0 })
  }

  settleAll(): void {
    while (this.#pending.length > 0) this.#durable()
  }

  #write(writing: Writing): void {
    const { replica } = writing.side
    const text = writing.kind === 'remove' ? null : encodeStorable(Number(replica.slots.get(writing.slot) ?? 0) + 1)
    writing.base = replica.clock
    const decision = this.document.decide({ base: replica.clock, touched: [writing.slot], changes: [[writing.slot, text]] }, { by: 'ana', now: 0 })
    if (!decision.won) this.#losers.push({ writing, until: this.#pending.at(-1)?.change ?? null })
    else if (decision.change !== null) this.#pending.push({ writing, change: decision.change })
    this.#answerLosers(null)
  }

  #durable(): void {
    const next = this.#pending.shift()
    if (next === undefined) return
    const { writing, change } = next
    const delta = this.document.settle(change)
    for (const side of this.sides) if (side !== writing.side) side.late.push(delta)
    writing.side.replica.apply(this.#won(this.document, writing.base, delta))
    const count = writing.kind === 'remove' ? 0 : (this.acknowledged.get(writing.slot) ?? 0) + 1
    this.acknowledged.set(writing.slot, count)
    this.#answerLosers(change)
  }

  #full(): void {
    const lost = this.#pending.splice(0)
    for (const { change } of lost) this.document.drop(change)
    for (const { change } of lost) this.#answerLosers(change)
  }

  #killed(): void {
    const kept = this.document.rows('id' as never, () => '').slots
    this.document = new StorageDocument(100_000)
    this.document.restore({
      clock: kept.reduce((most, { clock }) => Math.max(most, clock), 0),
      slots: kept.map(({ slot, text, clock }) => ({ slot, text, clock, at: 0, by: '' })),
    })
    this.#pending = []
    this.#losers = []
    this.#startSides()
  }

  /** Losers hear everything since their base, and run their recipe again. */
  #answerLosers(settled: DecidedChange | null): void {
    const answered = this.#losers.filter(({ until }) => until === settled)
    this.#losers = this.#losers.filter(({ until }) => until !== settled)
    for (const { writing } of answered) {
      writing.side.replica.apply(this.document.since(writing.base))
      this.#write(writing)
    }
  }

  #deliver(side: Side, pick: number): void {
    const [delta] = side.late.splice(pick % Math.max(1, side.late.length), 1)
    if (delta !== undefined) side.replica.apply(delta)
  }

  #startSides(): void {
    this.sides = Array.from({ length: 4 }, () => ({ replica: new Replica(this.document.seed()), late: [] }))
  }

  #side(number: number): Side {
    const side = this.sides[number]
    if (side === undefined) throw new Error('there are four')
    return side
  }
}

const nothingIsLost = (won: WonReply) =>
  fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const history = new History(won)
    for (const one of steps) history.play(one)
    history.settleAll()
    const whole = new Map(history.document.seed().slots)
    for (const slot of names) expect(Number(whole.get(slot) ?? 0)).toBe(history.acknowledged.get(slot) ?? 0)
    for (const { replica } of history.sides) {
      replica.apply(history.document.since(replica.clock))
      expect(new Map([...replica.slots].sort())).toEqual(new Map([...whole].sort()))
    }
  })

test(
  'T1, T2, T11 what was acknowledged is there and nothing else is, with changes that wait, fail and are lost with the server',
  () => {
    fc.assert(nothingIsLost(everythingSince), histories())
  },
  historiesTimeoutMs,
)

test('T1 the trap: were a winner told of its own change alone, updates would be lost, and this property would say so', () => {
  const ownChangeAlone: WonReply = (_document, base, own) => ({ ...own, from: base })
  expect(fc.check(nothingIsLost(ownChangeAlone), histories()).failed).toBe(true)
})
