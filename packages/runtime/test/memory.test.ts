import { asDigest, type IsolateHost, type RunOutcome, usualExecution } from '@tessera/core'
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

  /** Calls one after the other, until it is told to stop. */
  const keepCalling = (session: string, until: () => boolean): Promise<RunOutcome[]> => {
    const process = engine.process(engine.openSession(session))
    const go = async (outcomes: RunOutcome[]): Promise<RunOutcome[]> => {
      if (until()) return outcomes
      outcomes.push(await engine.start(process, 'hello', [session]).outcome)
      await new Promise((resolve) => setTimeout(resolve, 5))
      return go(outcomes)
    }
    return go([])
  }

  test.for(['array', 'map', 'buffers', 'tree'])('X46 %s: whoever takes it dies of it, at once or in steps, and others do not', async (kind) => {
    const growers = [false, true].map((pauses) => engine.start(engine.process(engine.openSession(`${kind} ${pauses}`)), 'grow', [kind, pauses]).outcome)
    let ended = false
    const neighbours = Promise.all(['one', 'two', 'three', 'four'].map((name) => keepCalling(`${kind} ${name}`, () => ended)))
    const died = await Promise.all(growers)
    ended = true
    const limit = kind === 'buffers' ? 'its process passed 128 MB' : /its (heap passed 32|process passed 128) MB/
    for (const outcome of died) {
      expect(outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED', message: expect.stringMatching(/out of memory: /) } })
      expect(!outcome.ok && outcome.error.message).toMatch(limit)
    }
    const fatal = new Set(died.map(({ isolate }) => isolate))
    expect(fatal.size).toBe(2)
    const others = (await neighbours).flat()
    expect(others.filter(({ ok, isolate }) => !ok && !fatal.has(isolate))).toEqual([])
    expect(others.filter(({ ok }) => ok).length).toBeGreaterThan(0)
    await eventually(() => host.isolates().filter(({ state }) => state === 'ready').length === 3)
    expect(await engine.call(engine.process(engine.openSession(`${kind} after`)), 'hello', 'x')).toBe('Hello, x')
  })

  test('X46 what the session of such a call had is there in its next isolate', async () => {
    const process = engine.process(engine.openSession('RICH'))
    await engine.call(process, 'setVariable', 'cart', ['apple'])
    expect(await engine.start(process, 'grow', ['map', false]).outcome).toMatchObject({ ok: false })
    expect(await engine.call(process, 'getVariable', 'cart')).toEqual(['apple'])
  })
})
