import { MethodError } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import { createGate, type Gate, startTestEngine, type TestProject } from '../testing/index.ts'

const gates = (...names: string[]): Record<string, Gate> => Object.fromEntries(names.map((name) => [name, createGate()]))

/** A project whose method `wait` runs until the gate of that name opens, and notes when it begins. */
const waiting = (held: Record<string, Gate>, begun: string[]): TestProject => ({
  methods: {
    wait: async (_scope, name) => {
      begun.push(String(name))
      await held[String(name)]?.passed
      return name
    },
  },
})

describe('calls', () => {
  test('P1 a process runs its calls one at a time, in the order in which they came', async () => {
    const held = gates('a', 'b')
    const begun: string[] = []
    const engine = await startTestEngine({ project: waiting(held, begun) })
    const ana = await engine.connect()
    const answers = Promise.all(['a', 'b', 'c', 'd'].map((name) => ana.call('wait', name)))
    await engine.settle()
    expect(begun).toEqual(['a'])
    expect(ana.row.processList[0]).toMatchObject({ state: 'executing', method: 'wait', queued: 3 })
    held['b']?.open()
    await engine.settle()
    expect(begun).toEqual(['a'])
    held['a']?.open()
    expect(await answers).toEqual(['a', 'b', 'c', 'd'])
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    expect(ana.row.processList[0]).toMatchObject({ state: 'idle', queued: 0, calls: 4 })
  })

  test('P1 a call that fails lets the next one begin', async () => {
    const engine = await startTestEngine({
      project: {
        methods: {
          fail: () => {
            throw new RangeError('too far')
          },
          fine: () => 'fine',
        },
      },
    })
    const ana = await engine.connect()
    const [failed, fine] = await Promise.allSettled([ana.call('fail'), ana.call('fine')])
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'METHOD_ERROR', className: 'RangeError', message: 'too far' } })
    expect(failed.status === 'rejected' && failed.reason instanceof MethodError).toBe(true)
    expect(fine).toEqual({ status: 'fulfilled', value: 'fine' })
    expect(ana.row).toMatchObject({ calls: 2, errors: 1 })
  })

  test('P2 the processes of one session and those of others run side by side', async () => {
    const held = gates('a', 'b', 'c')
    const begun: string[] = []
    const engine = await startTestEngine({ project: waiting(held, begun) })
    const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
    const second = await ana.process('second')
    const answers = Promise.all([ana.call('wait', 'a'), second.call('wait', 'b'), bob.call('wait', 'c')])
    await engine.settle()
    expect(begun).toEqual(['a', 'b', 'c'])
    for (const gate of Object.values(held)) gate.open()
    expect(await answers).toEqual(['a', 'b', 'c'])
  })

  test('P7 clients call what is made with onServer in their own version, and nothing else', async () => {
    const engine = await startTestEngine({ project: { methods: { inner: { run: () => 'secret', onServer: false } } } })
    const ana = await engine.connect()
    await expect(ana.call('inner')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
    for (const name of ['nothing', '__proto__', 'constructor', 'onServerStartup', '']) {
      await expect(ana.call(name)).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
    }
    await expect(ana.callIn(999, 'inner')).rejects.toMatchObject({ code: 'PROCESS_NOT_FOUND' })
    expect(engine.host.calls).toEqual([])
  })

  test('P9 calls that wait take a bounded memory, and what comes beyond is refused at once', async () => {
    const held = gates('a')
    const engine = await startTestEngine({ project: waiting(held, []), payloadBytes: 10_000 })
    const ana = await engine.connect()
    const first = ana.call('wait', 'a')
    const text = 'x'.repeat(9_000)
    const answers = Promise.allSettled(Array.from({ length: 40 }, () => ana.call('wait', text)))
    const second = await ana.process('second')
    await expect(second.call('wait', text)).rejects.toMatchObject({ code: 'TOO_MANY_CALLS', retryAfterMs: 1000 })
    held['a']?.open()
    await first
    const refused = (await answers).filter(({ status }) => status === 'rejected').length
    expect(refused).toBeGreaterThan(20)
    expect(refused).toBeLessThan(40)
    expect(await ana.call('wait', text)).toBe(text)
  })

  test('P10 arguments above the limit are refused, counted in UTF-8 bytes', async () => {
    const engine = await startTestEngine({ project: { methods: { length: (_scope, text) => String(text).length } }, payloadBytes: 1000 })
    const ana = await engine.connect()
    expect(await ana.call('length', 'x'.repeat(996))).toBe(996)
    await expect(ana.call('length', 'x'.repeat(997))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
    expect(await ana.call('length', '日'.repeat(332))).toBe(332)
    await expect(ana.call('length', '日'.repeat(333))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
    await expect(engine.operator.startProcedure('length', ['x'.repeat(997)])).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  })
})
