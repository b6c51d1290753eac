import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histories, historiesTimeoutMs } from '../../test/histories.ts'
import { createGate, type Gate, type TestClient, TestEngine } from '../testing/index.ts'

const kinds = ['ask', 'ask', 'ask', 'cancel', 'let go', 'crash', 'lose', 'resume', 'time', 'hold', 'release', 'unsaid', 'full', 'kill'] as const
interface Step {
  kind: (typeof kinds)[number]
  pick: number
  settled: boolean
}
const step: fc.Arbitrary<Step> = fc.record({ kind: fc.constantFrom(...kinds), pick: fc.nat(1000), settled: fc.boolean() })
/** Each one restarts servers: fewer of them say as much. */
const most = 300
const keys = ['a', 'b', 'c']

/** One client that asks for the same few things again and again, of a server that is killed again and again. */
class Story {
  /** Which effects each key had. */
  readonly effects = new Map<string, number[]>()
  readonly heard = new Map<string, Set<unknown>>()
  readonly unexpected: unknown[] = []
  readonly #gates: Gate[] = []
  #engine: TestEngine
  #client: TestClient | null = null
  #resuming: Promise<unknown> | null = null
  #count = 0

  constructor() {
    this.#engine = new TestEngine({
      project: {
        methods: {
          quick: (_scope, key) => this.#effect(String(key)),
          slow: async (_scope, key) => {
            const effect = this.#effect(String(key))
            const gate = createGate()
            this.#gates.push(gate)
            await gate.passed
            return effect
          },
        },
      },
    })
  }

  async start(): Promise<void> {
    await this.#engine.start()
    this.#client = await this.#engine.connect()
  }

  async carryOut({ kind, pick, settled }: Step): Promise<void> {
    const done = this.#acts[kind](pick).catch(() => undefined)
    if (kind === 'kill' || kind === 'unsaid') await done
    if (settled) await this.#engine.settle()
  }

  /** Everything goes on, and everybody asks once more. */
  async end(): Promise<void> {
    await this.#engine.journal.release()
    // One that was asked for while the disk was full fails, as it should.
    await this.#resuming?.catch(() => undefined)
    await this.#resume()
    const last = Promise.all(keys.map((key) => this.#ask(key)))
    for (let round = 0; round < 5; round++) {
      for (const gate of this.#gates.splice(0)) gate.open()
      await this.#engine.settle()
    }
    await last
    expect(this.unexpected).toEqual([])
    for (const [key, effects] of this.effects) expect([key, effects.length]).toEqual([key, 1])
    for (const [key, heard] of this.heard) expect([key, [...heard]]).toEqual([key, this.effects.get(key)?.slice(0, heard.size)])
  }

  async #ask(key: string): Promise<void> {
    try {
      const method = key === 'a' ? 'quick' : 'slow'
      const value = await this.#needClient.callWith({ key, request: key }, method, key)
      this.heard.set(key, (this.heard.get(key) ?? new Set()).add(value))
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : error
      if (!expected.has(code)) this.unexpected.push(error)
    }
  }

  readonly #acts: Record<Step['kind'], (pick: number) => Promise<unknown>> = {
    ask: async (pick) => this.#ask(keys[pick % keys.length] ?? ''),
    cancel: async (pick) => this.#needClient.cancel(keys[pick % keys.length] ?? ''),
    'let go': async () => this.#gates.shift()?.open(),
    crash: async () => this.#engine.host.crash(this.#needClient.welcome.version.digest),
    lose: async () => this.#needClient.lose(),
    resume: async () => this.#resume(),
    time: async (pick) => this.#engine.clock.advance(pick * 5),
    hold: async () => this.#engine.journal.hold(),
    release: async (pick) => this.#engine.journal.release(pick % 2 === 0 ? Number.POSITIVE_INFINITY : 1),
    /** Everything is kept, and the server is killed before it can say so. */
    unsaid: async (pick) => {
      await this.#engine.journal.keep({ isTold: false })
      await this.#acts.kill(pick)
    },
    full: async () => this.#engine.journal.fill(),
    kill: async () => {
      this.#engine = this.#engine.kill()
      this.#needClient.follow(this.#engine.engine)
      await this.#engine.start()
      this.#resuming = null
      await this.#resume()
    },
  }

  /** A client opens one connection at a time; what it had asked of a server that was killed is never answered. */
  async #resume(): Promise<void> {
    const resuming = this.#resuming ?? this.#needClient.resume()
    this.#resuming = resuming
    try {
      await resuming
    } finally {
      if (this.#resuming === resuming) this.#resuming = null
    }
  }

  #effect(key: string): number {
    this.#count += 1
    this.effects.set(key, [...(this.effects.get(key) ?? []), this.#count])
    return this.#count
  }

  get #needClient(): TestClient {
    if (this.#client === null) throw new Error('nobody is there')
    return this.#client
  }
}

const expected = new Set<unknown>(['CALL_INTERRUPTED', 'CALL_CANCELLED', 'CALL_NOT_STARTED', 'JOURNAL_UNWRITABLE'])

test(
  'P25, P28, P29 whatever happens in whatever order, what is asked under a key has its effect at most once, and whoever hears of it hears the same',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const story = new Story()
        await story.start()
        for (const one of steps) await story.carryOut(one)
        await story.end()
      }),
      { ...histories(), numRuns: Math.min(most, histories().numRuns ?? most) },
    )
  },
  historiesTimeoutMs,
)
