import { expect, test } from 'vitest'
import { startTestEngine, type TestProject } from '../testing/index.ts'

const project: TestProject = {
  methods: {
    add: (scope, slot) =>
      scope.session.storage.use((draft) => {
        draft[String(slot)] = Number(draft[String(slot)] ?? 0) + 1
      }),
    get: (scope, slot) => scope.session.storage.get(String(slot)) ?? null,
    seen: async (scope, id, slot) => {
      const seed = await scope.ask({ kind: 'session.seed', sessionId: id as never })
      return seed?.storage.slots.find(([name]) => name === slot)?.[1] ?? null
    },
    turn: async (scope) => (await scope.ask({ kind: 'storage.turn', sessionId: scope.process.sessionId })).since.clock,
    drop: (scope, slot) =>
      scope.session.storage.use((draft) => {
        delete draft[String(slot)]
      }),
  },
}

test('T11 nobody sees a change before it is durable: not its writer, no replica, no reader, no console', async () => {
  const engine = await startTestEngine({ project })
  const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
  const reader = await ana.process('reader')
  await ana.call('add', 'x')
  engine.journal.hold()
  let told = false
  const adding = ana.call('add', 'x').then(() => {
    told = true
  })
  await engine.settle()
  expect(told).toBe(false)
  expect(await reader.call('get', 'x')).toBe(1)
  expect(await bob.call('seen', ana.id, 'x')).toBe('1')
  expect(engine.reads.storage(ana.id)).toMatchObject({ clock: 1, slots: [{ text: '1' }] })
  expect(engine.heard('storage.changed')).toHaveLength(1)
  await engine.journal.release()
  await adding
  expect(await reader.call('get', 'x')).toBe(2)
  expect(engine.reads.storage(ana.id)).toMatchObject({ clock: 2 })
  expect(engine.heard('storage.changed')).toHaveLength(2)
})

test('T1, T11 a writer that lost against a change that is not durable yet waits for it, then wins on top of it', async () => {
  const engine = await startTestEngine({ project })
  const ana = await engine.connect('ana')
  const second = await ana.process('second')
  engine.journal.hold()
  const adding = [ana.call('add', 'x'), second.call('add', 'x')]
  await engine.settle()
  expect(engine.journal.waiting).toBe(1)
  await engine.journal.release(1)
  await engine.settle()
  expect(engine.reads.storage(ana.id)).toMatchObject({ clock: 1, slots: [{ text: '1' }] })
  expect(engine.journal.waiting).toBe(1)
  await engine.journal.release()
  expect(await Promise.all(adding)).toEqual([1, 2])
  expect(engine.reads.storage(ana.id)).toMatchObject({ clock: 2, slots: [{ text: '2' }] })
})

test('T11 changes of different slots wait side by side, and become visible in the order in which they were decided', async () => {
  const engine = await startTestEngine({ project })
  const ana = await engine.connect('ana')
  const others = await Promise.all(['b', 'c', 'd'].map((name) => ana.process(name)))
  engine.journal.hold()
  const adding = others.map((process, index) => process.call('add', `slot ${index}`))
  await engine.settle()
  expect(engine.journal.waiting).toBe(3)
  await engine.journal.release()
  await Promise.all(adding)
  expect(engine.heard('storage.changed').map(({ delta: { from, clock, changes } }) => [from, clock, changes[0]?.[0]])).toEqual([
    [0, 1, 'slot 0'],
    [1, 2, 'slot 1'],
    [2, 3, 'slot 2'],
  ])
})

test('T11 a change that could not be kept never was, nor what was decided after it; the quota does not count it', async () => {
  const engine = await startTestEngine({ project, storageQuotaBytes: 12 })
  const ana = await engine.connect('ana')
  const others = await Promise.all(['b', 'c'].map((name) => ana.process(name)))
  engine.journal.hold()
  const adding = others.map((process, index) => process.call('add', `five${index}`).catch((error: unknown) => error))
  await engine.settle()
  engine.journal.fill()
  expect(await Promise.all(adding)).toMatchObject([{ code: 'JOURNAL_UNWRITABLE' }, { code: 'JOURNAL_UNWRITABLE' }])
  await engine.journal.release()
  expect(engine.reads.storage(ana.id)).toMatchObject({ clock: 0, bytes: 0, slots: [] })
  await ana.call('add', 'other')
  await ana.call('add', 'five0')
  expect(engine.reads.storage(ana.id)).toMatchObject({ clock: 2, bytes: 12 })
  await expect(ana.call('add', 'x')).rejects.toMatchObject({ code: 'STORAGE_QUOTA_EXCEEDED' })
})

test('T3, T11 whoever has the turn sees what was decided before it, and wins', async () => {
  const engine = await startTestEngine({ project })
  const ana = await engine.connect('ana')
  const writers = await Promise.all(Array.from({ length: 6 }, (_none, index) => ana.process(`writer ${index}`)))
  engine.journal.hold()
  const runs = writers.map((process) => process.call('add', 'hot'))
  for (let round = 0; round < 20; round++) {
    await engine.settle()
    await engine.journal.release(1)
  }
  await engine.journal.release()
  expect(Math.max(...(await Promise.all(runs)).map(Number))).toBeLessThanOrEqual(4)
  expect(engine.reads.storage(ana.id).slots).toMatchObject([{ text: '6' }])
})

test('T3, T11 the turn is given with everything that was decided before it', async () => {
  const engine = await startTestEngine({ project })
  const ana = await engine.connect('ana')
  const second = await ana.process('second')
  engine.journal.hold()
  const adding = ana.call('add', 'hot')
  await engine.settle()
  let given: unknown = null
  const turn = second.call('turn').then((clock) => {
    given = clock
  })
  await engine.settle()
  expect(given).toBeNull()
  await engine.journal.release()
  await Promise.all([adding, turn])
  expect(given).toBe(1)
})

test('T8 after a restart the clock goes on, and removed slots stay removed', async () => {
  const engine = await startTestEngine({ project })
  const ana = await engine.connect('ana')
  await ana.call('add', 'x')
  await ana.call('add', 'y')
  await ana.call('drop', 'y')
  const next = engine.kill()
  await next.start()
  await ana.follow(next.engine).resume()
  expect(next.reads.storage(ana.id)).toMatchObject({ clock: 3, slots: [{ slot: 'x' }] })
  await ana.call('add', 'y')
  expect(next.reads.storage(ana.id)).toMatchObject({ clock: 4, slots: [{ slot: 'x' }, { slot: 'y', text: '1', clock: 4 }] })
})
