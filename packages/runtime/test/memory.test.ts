import { asDigest, type IsolateHost, type ProcessFacts, type RunOutcome, usualExecution } from '@tessera/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createIsolatePool } from '../src/process-pool.ts'
import { eventually, recordingLogger } from './contract/contract-room.ts'
import { growthMethods } from './fixture-growth.ts'
import { type FixtureHalf, serveEntry, writeHalf } from './fixture-half.ts'
import { TinyEngine } from './tiny-engine.ts'

const execution = { ...usualExecution, isolates: 3, heapMb: 32, residentMb: 128 }

/** The limits of memory are to decide, however slow the machine is; who is stuck is left at once all the same. */
const patient = { blockedMs: 20_000 }

describe('memory without end', () => {
  let half: FixtureHalf
  let host: IsolateHost
  let engine: TinyEngine

  beforeAll(async () => {
    half = await writeHalf(growthMethods)
    host = createIsolatePool({
      logger: recordingLogger([]),
      entry: serveEntry,
      backOff: { firstMs: 20, maxMs: 100, healthyMs: 50 },
      spareAfterMs: null,
      limits: patient,
    })
    engine = new TinyEngine(host, asDigest('40e4e4'))
    await host.openVersion({ digest: engine.digest, directory: half.directory, execution })
  })

  afterAll(async () => {
    await host.stop()
    await half.remove()
  })

  const allReady = () => eventually(() => host.isolates().filter(({ state }) => state === 'ready').length === 3, 10_000)

  /** Calls one after the other, until it is told to stop. */
  const keepCalling = async (process: ProcessFacts, until: () => boolean): Promise<RunOutcome[]> => {
    const outcomes: RunOutcome[] = []
    do {
      outcomes.push(await engine.start(process, 'hello', ['x']).outcome)
      await new Promise((resolve) => setTimeout(resolve, 5))
    } while (!until())
    return outcomes
  }

  const limitOf = (kind: string): RegExp =>
    kind === 'buffers' ? /out of memory: its process passed 128 MB/ : /out of memory: its (heap passed 32|process passed 128) MB/

  test.for(['array', 'map', 'buffers', 'tree'])(
    'X46 %s: whoever takes it at once dies of it alone, and no neighbour in its isolate hears of it',
    async (kind) => {
      await allReady()
      const grower = engine.process(engine.openSession(`${kind} grows`))
      const place = (await engine.start(grower, 'hello', ['x']).outcome).isolate
      const processes = ['one', 'two', 'three', 'four', 'five', 'six'].map((name) => engine.process(engine.openSession(`${kind} ${name}`)))
      const seats = await Promise.all(processes.map(async (process) => (await engine.start(process, 'hello', ['x']).outcome).isolate))
      expect(seats).toContain(place)
      const lostBefore = engine.ended.length
      const died = engine.start(grower, 'grow', [kind, false]).outcome
      let ended = false
      // Behind the grower in its isolate, and beside it.
      const neighbours = Promise.all(processes.map((process) => keepCalling(process, () => ended)))
      expect(await died).toMatchObject({ ok: false, isolate: place, error: { code: 'CALL_INTERRUPTED', message: expect.stringMatching(limitOf(kind)) } })
      ended = true
      const outcomes = (await neighbours).flat()
      expect(outcomes.filter(({ ok }) => !ok)).toEqual([])
      expect(outcomes.length).toBeGreaterThanOrEqual(processes.length)
      expect(engine.ended.slice(lostBefore)).toMatchObject([{ isolate: { id: place }, callsLost: 1 }])
    },
  )

  test.for(['array', 'map', 'buffers', 'tree'])('X46 %s: whoever takes it in steps dies of it, and calls of other isolates do not', async (kind) => {
    await allReady()
    const died = engine.start(engine.process(engine.openSession(`${kind} in steps`)), 'grow', [kind, true]).outcome
    let ended = false
    const processes = ['one', 'two', 'three', 'four'].map((name) => engine.process(engine.openSession(`${kind} beside ${name}`)))
    const neighbours = Promise.all(processes.map((process) => keepCalling(process, () => ended)))
    const { isolate: fatal, ...outcome } = await died
    expect(outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED', message: expect.stringMatching(limitOf(kind)) } })
    ended = true
    const others = (await neighbours).flat()
    expect(others.filter(({ ok, isolate }) => !ok && isolate !== fatal)).toEqual([])
    expect(others.filter(({ ok }) => ok).length).toBeGreaterThan(0)
  })

  test('P87 what a call left behind ends its isolate as well, though no call runs there', async () => {
    await allReady()
    const outcome = await engine.start(engine.process(engine.openSession('BEHIND')), 'growBehind').outcome
    expect(outcome).toMatchObject({ ok: true, value: '"done"' })
    await eventually(() => engine.ended.some(({ isolate }) => isolate.id === outcome.isolate), 15_000)
    expect(engine.ended.at(-1)).toMatchObject({ why: 'out of memory: its process passed 128 MB with its buffers', callsLost: 0 })
  })

  test('X46 what the session of such a call had is there in its next isolate', async () => {
    const process = engine.process(engine.openSession('RICH'))
    await engine.call(process, 'setVariable', 'cart', ['apple'])
    expect(await engine.start(process, 'grow', ['map', false]).outcome).toMatchObject({ ok: false })
    expect(await engine.call(process, 'getVariable', 'cart')).toEqual(['apple'])
  })
})
