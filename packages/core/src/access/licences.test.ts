import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createGate, type Gate, startTestEngine, type TestClient, TestEngine } from '../testing/index.ts'

const password = 'the owners own secret'

const connectAll = (engine: TestEngine, count: number): Promise<TestClient[]> => Promise.all(Array.from({ length: count }, () => engine.connect()))

describe('licences', () => {
  test('A46 the maximum changes at run time; lowering it sends nobody away and refuses newcomers', async () => {
    const engine = await startTestEngine()
    expect(engine.reads.licences()).toEqual({ maximum: null, used: 0, remote: 0, web: 0, warnings: [] })
    const clients = await connectAll(engine, 3)
    const lowered = await engine.operator.dispatch('licences.set', { maximum: 1 })
    expect(lowered).toEqual({ maximum: 1, used: 3, remote: 3, web: 0, warnings: [expect.stringMatching(/^3 licences are in use, the maximum is 1/)] })
    expect((await engine.reads.server()).licences).toEqual({ maximum: 1, used: 3, remote: 3, web: 0 })
    await expect(engine.connect()).rejects.toMatchObject({ code: 'LICENCES_EXHAUSTED', licences: { current: 3, maximum: 1 } })
    expect(clients.map(({ row }) => row.state)).toEqual(['active', 'active', 'active'])
    await clients[0]?.lose()
    expect(await clients[0]?.resume()).toMatchObject({ resumed: true })
    await Promise.all(clients.slice(1).map((client) => client.close()))
    await expect(engine.connect()).rejects.toMatchObject({ licences: { current: 1, maximum: 1 } })
    expect(await engine.operator.dispatch('licences.set', { maximum: null })).toMatchObject({ maximum: null, warnings: [] })
    await connectAll(engine, 5)
    expect(engine.heard('licences.changed').map(({ maximum }) => maximum)).toEqual([1, null])
  })

  test('A46 a maximum that is none changes nothing', async () => {
    const engine = await startTestEngine({ maxClients: 2 })
    for (const maximum of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001]) {
      await expect(engine.operator.dispatch('licences.set', { maximum })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    }
    expect(engine.reads.licences()).toMatchObject({ maximum: 2, warnings: [] })
  })

  test('A46 it is kept over a restart; one given at start wins, and that is said', async () => {
    const engine = await startTestEngine()
    const { settings } = engine.ports
    await engine.operator.dispatch('licences.set', { maximum: 7 })
    expect((await startTestEngine({ ports: { settings } })).reads.licences()).toMatchObject({ maximum: 7, warnings: [] })
    const given = await startTestEngine({ ports: { settings }, maxClients: 2 })
    expect(given.reads.licences()).toMatchObject({ maximum: 2, warnings: [expect.stringMatching(/\(7\) does not count.*--max-clients 2/)] })
    expect(await given.operator.dispatch('licences.set', { maximum: 9 })).toMatchObject({
      maximum: 9,
      warnings: [expect.stringMatching(/until the next start.*--max-clients 2/)],
    })
    expect((await startTestEngine({ ports: { settings }, maxClients: 9 })).reads.licences()).toMatchObject({ maximum: 9, warnings: [] })
    await given.operator.dispatch('licences.set', { maximum: null })
    expect((await startTestEngine({ ports: { settings } })).reads.licences()).toMatchObject({ maximum: null, warnings: [] })
  })

  test('A46 a maximum that is set before the server has started counts once it has', async () => {
    const engine = new TestEngine({ maxClients: 2 })
    await engine.ports.settings.set('licences.maximum', '7')
    await engine.operator.dispatch('licences.set', { maximum: 9 })
    await engine.start()
    expect(engine.reads.licences()).toMatchObject({ maximum: 9, warnings: [expect.stringMatching(/--max-clients 2/)] })
  })

  test('A46 a server that cannot read what was kept does not start', async () => {
    const engine = new TestEngine({ maxClients: 3 })
    await engine.ports.settings.set('licences.maximum', 'many')
    await expect(engine.start()).rejects.toMatchObject({ code: 'DATABASE_ERROR' })
  })

  test('A47 stored procedures take no licence, and a refusal tells how many are in use of how many', async () => {
    const engine = await startTestEngine({ maxClients: 1, project: { methods: { report: () => null } } })
    await engine.operator.startProcedure('report')
    await engine.connect()
    expect(await engine.connect().catch((error: unknown) => error)).toMatchObject({
      name: 'ConnectionRefused',
      code: 'LICENCES_EXHAUSTED',
      message: expect.stringMatching(/1 of 1/),
      licences: { current: 1, maximum: 1 },
      retryAfterMs: 60_000,
    })
  })
})

/** One thing that happens: somebody knocks, waiting passwords are found right, a client leaves, the maximum is changed. */
type Step = { kind: 'knock' } | { kind: 'check'; picks: readonly number[] } | { kind: 'leave'; pick: number } | { kind: 'set'; maximum: number }
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'knock' as const }) },
  { weight: 3, arbitrary: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }).map((picks) => ({ kind: 'check' as const, picks })) },
  { weight: 1, arbitrary: fc.nat(20).map((pick) => ({ kind: 'leave' as const, pick })) },
  { weight: 1, arbitrary: fc.nat(4).map((maximum) => ({ kind: 'set' as const, maximum })) },
)

/** A server at which many knock at once, each waiting for its password to be checked. */
class Rush {
  readonly clients: TestClient[] = []
  readonly refusals: unknown[] = []
  readonly #gates: Gate[] = []
  readonly #engine: TestEngine
  readonly #knocks: Promise<unknown>[] = []

  private constructor(engine: TestEngine) {
    this.#engine = engine
  }

  static async start(maxClients: number): Promise<Rush> {
    const engine = await startTestEngine({ maxClients })
    await engine.operator.dispatch('directory.setPassword', { name: 'Designer', password })
    const rush = new Rush(engine)
    const { hasher } = engine.ports
    hasher.verifyPassword = async () => {
      const gate = createGate()
      rush.#gates.push(gate)
      await gate.passed
      return true
    }
    return rush
  }

  get licences() {
    return this.#engine.reads.licences()
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'knock') this.#knock()
    if (step.kind === 'check') for (const pick of step.picks) this.#gates.splice(pick % Math.max(1, this.#gates.length), 1)[0]?.open()
    if (step.kind === 'leave') await this.clients.splice(step.pick % Math.max(1, this.clients.length), 1)[0]?.close()
    if (step.kind === 'set') await this.#engine.operator.dispatch('licences.set', { maximum: step.maximum })
    await this.#engine.settle()
  }

  /** Every password is found right at once. */
  async finish(): Promise<void> {
    for (const gate of this.#gates.splice(0)) gate.open()
    await Promise.all(this.#knocks)
  }

  #knock(): void {
    const opening = this.#engine.connect('Designer', { password }).then(
      (client) => this.clients.push(client),
      (error: unknown) => this.refusals.push(error),
    )
    this.#knocks.push(opening)
  }
}

test('A47 however many arrive at once, no newcomer takes a licence beyond the maximum', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(4), fc.array(step, { maxLength: 40 }), async (maximum, steps) => {
      const rush = await Rush.start(maximum)
      let knocks = 0
      for (const each of steps) {
        const before = rush.licences
        await rush.take(each)
        if (each.kind === 'knock') knocks += 1
        const { used, maximum: now } = rush.licences
        if (used > before.used) expect(used).toBeLessThanOrEqual(now ?? 0)
        if (each.kind === 'set') expect(used).toBe(before.used)
        expect(used).toBe(rush.clients.length)
      }
      const before = rush.licences
      await rush.finish()
      expect(rush.licences.used).toBeLessThanOrEqual(Math.max(before.used, before.maximum ?? 0))
      for (const refusal of rush.refusals) expect(refusal).toMatchObject({ code: 'LICENCES_EXHAUSTED', licences: expect.anything() })
      expect(rush.refusals.length + rush.licences.used).toBeLessThanOrEqual(knocks)
    }),
    { numRuns: 150 },
  )
})

test('A47 of a hundred that wait for their password at once exactly as many get in as there are licences', async () => {
  const rush = await Rush.start(7)
  for (let knock = 0; knock < 100; knock++) await rush.take({ kind: 'knock' })
  await rush.finish()
  expect([rush.licences.used, rush.clients.length, rush.refusals.length]).toEqual([7, 7, 93])
})
