import { describe, expect, test } from 'vitest'
import { createGate, type Scope, startTestEngine, type TestEngine, type TestProject } from '../testing/index.ts'
import { usualExecution } from '../version/project-settings.ts'

/** A project that notes each effect; what `hold` has done it answers when its gate opens. */
const counting = () => {
  const gate = createGate()
  const effects: unknown[] = []
  const project: TestProject = {
    methods: {
      add: (_scope, what) => {
        effects.push(what)
        return effects.length
      },
      hold: async (_scope, what) => {
        effects.push(what)
        await gate.passed
        return effects.length
      },
      fail: () => {
        effects.push('failed')
        throw new RangeError('too far')
      },
      long: (_scope: Scope, characters) => {
        effects.push(characters)
        return 'x'.repeat(Number(characters))
      },
    },
  }
  return { gate, effects, project }
}

const killed = async (engine: TestEngine): Promise<TestEngine> => {
  const next = engine.kill()
  await next.start()
  return next
}

const forever = (promise: Promise<unknown>): void => void promise.catch(() => undefined)

describe('calls with an idempotency key', () => {
  test('P25 a call that comes again under its key runs once: it hears what the first heard, errors too', async () => {
    const { effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    expect(await ana.callWith({ key: 'a' }, 'add', 1)).toBe(1)
    expect(await ana.callWith({ key: 'a' }, 'add', 1)).toBe(1)
    for (let time = 0; time < 2; time++)
      await expect(ana.callWith({ key: 'b' }, 'fail')).rejects.toMatchObject({ code: 'METHOD_ERROR', className: 'RangeError' })
    expect(await ana.callWith({ key: 'c' }, 'add', 1)).toBe(3)
    expect(await ana.call('add', 1)).toBe(4)
    expect(effects).toEqual([1, 'failed', 1, 1])
  })

  test('P25 while the first runs, whoever asks again waits for it, and either may cancel it', async () => {
    const { gate, effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    const first = ana.callWith({ key: 'a', request: 'r1' }, 'hold', 1)
    const again = ana.callWith({ key: 'a', request: 'r1' }, 'hold', 1)
    const other = ana.callWith({ key: 'b', request: 'r2' }, 'hold', 2)
    const otherAgain = ana.callWith({ key: 'b', request: 'r3' }, 'hold', 2)
    await engine.settle()
    await ana.cancel('r3')
    for (const call of [other, otherAgain]) await expect(call).rejects.toMatchObject({ code: 'CALL_CANCELLED' })
    gate.open()
    expect(await Promise.all([first, again])).toEqual([1, 1])
    await expect(ana.callWith({ key: 'b' }, 'hold', 2)).rejects.toMatchObject({ code: 'CALL_CANCELLED' })
    expect(effects).toEqual([1])
  })

  test('P21 who asks again under a key hears of its own deadline, and the call of the first goes on', async () => {
    const { gate, effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    const first = ana.callWith({ key: 'a', request: 'r1' }, 'hold', 1)
    await engine.settle()
    const hurried = expect(ana.callWith({ key: 'a', request: 'r2', deadlineMs: 300 }, 'hold', 1)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    await engine.clock.advance(300)
    await hurried
    const patient = ana.callWith({ key: 'a', request: 'r3', deadlineMs: 300 }, 'hold', 1)
    gate.open()
    expect(await Promise.all([first, patient])).toEqual([1, 1])
    await engine.clock.advance(300)
    expect(effects).toEqual([1])
  })

  test('P25 keys belong to their session', async () => {
    const { effects, project } = counting()
    const engine = await startTestEngine({ project })
    const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
    await Promise.all([ana.callWith({ key: 'a' }, 'add', 1), bob.callWith({ key: 'a' }, 'add', 2)])
    expect(effects).toEqual([1, 2])
  })

  test('P26 a key that came with another method or other arguments is refused, while the first runs too', async () => {
    const { gate, effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    const first = ana.callWith({ key: 'a' }, 'hold', 1)
    const second = await ana.process('second')
    const refused = { code: 'IDEMPOTENCY_KEY_REUSED', retryable: false }
    await expect(ana.callWith({ key: 'a' }, 'hold', 2)).rejects.toMatchObject(refused)
    gate.open()
    await first
    await expect(ana.callWith({ key: 'a' }, 'add', 1)).rejects.toMatchObject(refused)
    await expect(second.call('add', 1)).resolves.toBe(2)
    expect(effects).toEqual([1, 1])
  })

  test('P27 an outcome is kept for ten minutes in which its client is there, and is gone from the journal after that', async () => {
    const { effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    await ana.callWith({ key: 'a' }, 'add', 1)
    await engine.clock.advance(599_000)
    expect(await ana.callWith({ key: 'a' }, 'add', 1)).toBe(1)
    await ana.lose()
    await engine.clock.advance(800_000)
    await ana.resume()
    expect(await ana.callWith({ key: 'a' }, 'add', 1)).toBe(1)
    await engine.clock.advance(601_000)
    await ana.callWith({ key: 'b' }, 'add', 2)
    const parts = (await engine.journal.load()).sessions.get(ana.id)
    expect([...(parts?.keys() ?? [])].filter((part) => part.startsWith('keyed:'))).toEqual(['keyed:b'])
    expect(await ana.callWith({ key: 'a' }, 'add', 1)).toBe(3)
    expect(effects).toEqual([1, 2, 1])
  })

  test('P27 results take a bounded room: the oldest ones go, and whoever asks for one hears that, before a restart and after', async () => {
    const { effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    for (const key of ['a', 'b', 'c']) await ana.callWith({ key }, 'long', 500_000)
    await ana.callWith({ key: 'd' }, 'long', 1_048_575)
    const check = async (): Promise<void> => {
      for (const key of ['a', 'd'])
        await expect(ana.callWith({ key }, 'long', key === 'd' ? 1_048_575 : 500_000)).rejects.toMatchObject({
          code: 'CALL_INTERRUPTED',
          message: expect.stringContaining('kept no longer'),
        })
      for (const key of ['b', 'c']) expect(String(await ana.callWith({ key }, 'long', 500_000))).toHaveLength(500_000)
    }
    await check()
    ana.follow((await killed(engine)).engine)
    await ana.resume()
    await check()
    expect(effects).toHaveLength(4)
  })

  test('P28 it begins only when the journal has that it began; killed before that, it runs when it is asked again', async () => {
    const { effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    engine.journal.hold()
    forever(ana.callWith({ key: 'a' }, 'add', 1))
    await engine.settle()
    expect([effects, engine.journal.waiting]).toEqual([[], 1])
    const next = await killed(engine)
    await ana.follow(next.engine).resume()
    expect(await ana.callWith({ key: 'a' }, 'add', 1)).toBe(1)
  })

  test('P28 killed while it ran, whoever asks again hears that it was interrupted, and it is not run', async () => {
    const { effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    forever(ana.callWith({ key: 'a' }, 'hold', 1))
    await engine.settle()
    const next = await killed(engine)
    await ana.follow(next.engine).resume()
    await expect(ana.callWith({ key: 'a' }, 'hold', 1)).rejects.toMatchObject({
      code: 'CALL_INTERRUPTED',
      retryable: false,
      message: expect.stringContaining('restarted'),
    })
    await expect(ana.callWith({ key: 'a' }, 'hold', 2)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
    expect(effects).toEqual([1])
  })

  test('P28 its outcome is on the journal before it is told; killed in between, whoever asks again hears it', async () => {
    const { gate, effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    let told = false
    const call = ana.callWith({ key: 'a' }, 'hold', 1).then(() => {
      told = true
    })
    forever(call)
    await engine.settle()
    engine.journal.hold()
    gate.open()
    await engine.settle()
    expect([told, engine.journal.waiting]).toEqual([false, 1])
    await engine.journal.keep({ isTold: false })
    const next = await killed(engine)
    await ana.follow(next.engine).resume()
    expect(await ana.callWith({ key: 'a' }, 'hold', 1)).toBe(1)
    expect([told, effects]).toEqual([false, [1]])
  })

  test('P28 what a full disk kept from beginning did not run; what it kept from being noted is told all the same', async () => {
    const { gate, effects, project } = counting()
    const engine = await startTestEngine({ project })
    const { journal } = engine
    const ana = await engine.connect()
    const other = await ana.process('other')
    const running = ana.callWith({ key: 'a' }, 'hold', 1)
    await engine.settle()
    journal.fill()
    const second = ana.callWith({ key: 'b', process: other.number }, 'add', 2)
    await expect(second).rejects.toMatchObject({ code: 'JOURNAL_UNWRITABLE' })
    gate.open()
    expect(await running).toBe(1)
    await journal.release()
    expect(await ana.callWith({ key: 'b' }, 'add', 2)).toBe(2)
    expect(effects).toEqual([1, 2])
  })

  test('P29 what certainly did not begin is forgotten: the same key may be tried again', async () => {
    const { effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    await expect(ana.callWith({ key: 'a' }, 'none')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
    await engine.host.closeVersion(ana.welcome.version.digest)
    await expect(ana.callWith({ key: 'a' }, 'add', 1)).rejects.toMatchObject({ code: 'CALL_NOT_STARTED' })
    await engine.host.openVersion({ digest: ana.welcome.version.digest, directory: '', execution: usualExecution })
    expect(await ana.callWith({ key: 'a' }, 'add', 1)).toBe(1)
    expect(effects).toEqual([1])
  })
  test('P29 a call whose process closed before it began did not begin: its key is free', async () => {
    const { effects, project } = counting()
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    const other = await ana.process('other')
    engine.journal.hold()
    const call = expect(ana.callWith({ key: 'a', process: other.number }, 'add', 1)).rejects.toMatchObject({ code: 'CALL_NOT_STARTED', retryable: true })
    await engine.settle()
    const closed = other.close()
    await engine.settle()
    engine.journal.release()
    await Promise.all([call, closed])
    expect(await ana.callWith({ key: 'a' }, 'add', 1)).toBe(1)
    expect(effects).toEqual([1])
  })
})
