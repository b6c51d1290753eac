import { asDigest, asSessionId, type IsolateHost, type ProjectExecution, usualExecution } from '@tessera/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createIsolatePool } from '../src/process-pool.ts'
import { eventually, recordingLogger } from './contract/contract-room.ts'
import { type FixtureHalf, serveEntry, threadEntry, withKit, writeHalf } from './fixture-half.ts'
import { TinyEngine } from './tiny-engine.ts'

const methods = {
  'methods/flags': withKit('\nexport default onServer(() => process.execArgv)\n'),
  'methods/setVariable': withKit('\nexport default onServer((name, value) => { currentProcess().variables.set(name, value) })\n'),
  'methods/getVariable': withKit('\nexport default onServer((name) => currentProcess().variables.get(name) ?? null)\n'),
  'methods/slow': withKit('\nexport default onServer((ms) => new Promise((resolve) => setTimeout(resolve, ms, "slept")))\n'),
  'methods/count': withKit('\nlet calls = 0\nexport default onServer(() => ++calls)\n'),
  'methods/startProcedure': withKit("\nexport default onServer(async () => (await storedProcedures.start('procedure', [], { name: 'night' })).result)\n"),
  'methods/procedure': withKit('\nexport default async () => session().id\n'),
}
const thread = { ...usualExecution, host: 'thread' } as const

describe('the settings of a project’s execution', () => {
  let half: FixtureHalf
  let host: IsolateHost
  let engine: TinyEngine

  const start = async (execution: ProjectExecution, options: Partial<Parameters<typeof createIsolatePool>[0]> = {}): Promise<void> => {
    host = createIsolatePool({ logger: recordingLogger([]), entry: serveEntry, threadEntry, ...options })
    engine = new TinyEngine(host, asDigest('5e771465'))
    await open(engine.digest, execution)
  }
  const open = (digest: TinyEngine['digest'], execution: ProjectExecution) => host.openVersion({ digest, directory: half.directory, execution })
  const hosts = (digest = engine.digest) => host.isolates().flatMap((isolate) => (isolate.digest === digest ? [isolate.host] : []))
  const placeOf = async (session: string, method = 'count', ...args: unknown[]) =>
    (await engine.start(engine.process(known(session)), method, args).outcome).isolate ?? 'nowhere'
  const known = (session: string) => (engine.hasSession(session) ? asSessionId(session) : engine.openSession(session))
  const serving = () => host.isolates().filter(({ sessions }) => sessions > 0)

  beforeEach(async () => {
    half = await writeHalf(methods)
  })

  afterEach(async () => {
    await host.stop()
    await half.remove()
  })

  test('X42 each version has isolates of the kind and in the number that its own project wants', async () => {
    await start({ ...thread, isolates: 3 })
    const other = asDigest('07e4')
    await open(other, { ...usualExecution, isolates: 1 })
    expect([hosts(), hosts(other)]).toEqual([['thread', 'thread', 'thread'], ['process']])
  })

  test('X42 the number that the server was started with goes before; limits are the project’s', async () => {
    await start({ ...usualExecution, isolates: 3, heapMb: 77 }, { size: 1 })
    expect(hosts()).toEqual(['process'])
    expect(await engine.call(engine.process(engine.openSession('FLAGS')), 'flags')).toEqual(['--max-old-space-size=77'])
  })

  test('X43 each session has an isolate of its own for all its processes, the stored procedures too, and one waits for the next', async () => {
    await start({ ...thread, placement: 'per-session' })
    expect(hosts()).toHaveLength(1)
    const places = await Promise.all(['A', 'B', 'C'].map((session) => placeOf(session)))
    expect(new Set(places).size).toBe(3)
    expect(await engine.call(engine.process(known('A'), 2), 'count')).toBe(2)
    expect(await engine.call(engine.process(known('A')), 'startProcedure')).toBe('PROCEDURES')
    expect(serving().map(({ sessions }) => sessions)).toEqual([1, 1, 1, 1])
    expect(hosts()).toHaveLength(5)
    expect(new Set(await Promise.all(['A', 'B', 'C'].map((session) => placeOf(session))))).toEqual(new Set(places))
  })

  test('X43 it ends with its session, once what runs there has ended', async () => {
    await start({ ...thread, placement: 'per-session' })
    const place = await placeOf('A')
    const slow = engine.start(engine.process(known('A')), 'slow', [150]).outcome
    engine.closeSession(known('A'))
    expect(host.heldSessions()).not.toContain('A')
    expect(await slow).toMatchObject({ ok: true, value: '"slept"' })
    await eventually(() => engine.ended.some(({ isolate, why, callsLost }) => isolate.id === place && why === 'stopped' && callsLost === 0))
    expect(hosts()).toHaveLength(1)
  })

  test('X43 it ends when its session leaves the version, and variables go along', async () => {
    await start({ ...thread, placement: 'per-session' })
    const process = engine.process(known('A'))
    await engine.call(process, 'setVariable', 'cart', ['apple'])
    const place = await placeOf('A')
    host.leaveVersion(known('A'), engine.digest)
    expect(await engine.call(process, 'getVariable', 'cart')).toEqual(['apple'])
    expect(await placeOf('A')).not.toBe(place)
    await eventually(() => engine.ended.some(({ isolate }) => isolate.id === place))
  })

  test('X43 it ends when its session calls nothing for long, never while something runs; the next call finds another', async () => {
    await start({ ...thread, placement: 'per-session' }, { ownIdleMs: 60 })
    const process = engine.process(known('A'))
    await engine.call(process, 'setVariable', 'cart', ['apple'])
    const place = await placeOf('A', 'slow', 300)
    expect([engine.ended, serving().length]).toEqual([[], 1])
    await eventually(() => engine.ended.some(({ isolate }) => isolate.id === place))
    expect(serving()).toEqual([])
    expect(await engine.call(process, 'getVariable', 'cart')).toEqual(['apple'])
    expect(await placeOf('A')).not.toBe(place)
  })

  test('X43 one that dies takes nobody along, is not replaced before its session calls, and then has all that it had', async () => {
    await start({ ...usualExecution, placement: 'per-session' })
    const process1 = engine.process(known('A'))
    await engine.call(process1, 'setVariable', 'cart', ['apple'])
    const [place, other] = [await placeOf('A'), await placeOf('B')]
    const slow = engine.start(process1, 'slow', [60_000]).outcome
    await engine.call(process1, 'count')
    process.kill(host.isolates().find(({ id }) => id === place)?.pid ?? Number.NaN, 'SIGKILL')
    expect(await slow).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED' } })
    await eventually(() => engine.ended.length === 1)
    expect([hosts().length, await placeOf('B')]).toEqual([2, other])
    expect(await engine.call(process1, 'getVariable', 'cart')).toEqual(['apple'])
  })

  test('X44 however many sessions come at once, few processes start at a time, and every call gets its own', async () => {
    await start({ ...usualExecution, placement: 'per-session' }, { startsAtOnce: 2 })
    let most = 0
    const look = setInterval(() => {
      most = Math.max(most, host.isolates().filter(({ state, pid }) => state === 'loading' && pid !== null).length)
    }, 2)
    const places = await Promise.all(Array.from({ length: 4 }, (_, n) => placeOf(`S${n}`)))
    clearInterval(look)
    expect([new Set(places).size, most]).toEqual([4, 2])
  })
})
