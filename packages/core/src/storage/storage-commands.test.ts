import { encodeStorable } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import { createGate, startTestEngine, type TestProject } from '../testing/index.ts'
import type { CommitReply } from './delta.ts'

const counting: TestProject = {
  methods: {
    add: (scope) =>
      scope.session.storage.use((draft) => {
        draft['hot'] = Number(draft['hot'] ?? 0) + 1
      }),
    get: (scope, slot) => scope.session.storage.get(String(slot)) ?? null,
    // A commit as an isolate makes it, with a turn that is never ended where `hold` says so.
    hold: async (scope) => {
      const { turn } = await scope.ask({ kind: 'storage.turn', sessionId: scope.process.sessionId })
      return turn
    },
    commit: async (scope, base, turn) => {
      const commit = { sessionId: scope.process.sessionId, base: Number(base), touched: ['hot'], changes: [['hot', '100']] as const }
      const { won } = await scope.ask({ kind: 'storage.commit', commit: turn === null ? commit : { ...commit, turn: Number(turn) } })
      return won
    },
    write: async (scope, id, slot, text) => {
      const seed = await scope.ask({ kind: 'session.seed', sessionId: id as typeof scope.process.sessionId })
      if (seed === null) return null
      const { sessionId, base } = { sessionId: seed.facts.id, base: seed.storage.clock }
      const reply: CommitReply = await scope.ask({
        kind: 'storage.commit',
        commit: { sessionId, base, touched: [String(slot)], changes: [[String(slot), encodeStorable(text)]] },
      })
      return reply.won
    },
  },
}

describe('storage of a session', () => {
  test('T1 a reply, won or lost, carries everything since the base of whoever asks', async () => {
    const replies: CommitReply[] = []
    const engine = await startTestEngine({
      project: {
        methods: {
          ...counting.methods,
          late: async (scope, slot) => {
            const commit = { sessionId: scope.process.sessionId, base: 1, touched: [String(slot)], changes: [[String(slot), '9']] as const }
            replies.push(await scope.ask({ kind: 'storage.commit', commit }))
          },
        },
      },
    })
    const ana = await engine.connect('ana')
    await engine.operator.setSlot(ana, 'a', 1)
    await engine.operator.setSlot(ana, 'b', 2)
    await ana.call('late', 'c')
    await ana.call('late', 'b')
    const [b, c] = [
      ['b', '2'],
      ['c', '9'],
    ]
    expect(replies).toEqual([
      { won: true, since: { from: 1, clock: 3, changes: [b, c] } },
      { won: false, since: { from: 1, clock: 3, changes: [b, c] } },
    ])
  })

  test('T3 64 writers of one slot all get through, and none waits behind one that came later', async () => {
    const engine = await startTestEngine({ project: counting })
    const ana = await engine.connect('ana')
    const processes = await Promise.all(Array.from({ length: 64 }, (_none, index) => ana.process(`writer ${index}`)))
    const runs = await Promise.all(processes.map((process) => process.call('add')))
    expect(engine.reads.storage(ana.id).slots).toMatchObject([{ slot: 'hot', text: '64' }])
    expect(Math.max(...runs.map(Number))).toBeLessThanOrEqual(4)
    expect(engine.clock.pending).toBe(0)
  })

  test('T3 turns are given in the order in which they were asked for', async () => {
    const engine = await startTestEngine({ project: counting })
    const ana = await engine.connect('ana')
    const processes = await Promise.all(Array.from({ length: 5 }, (_none, index) => ana.process(`writer ${index}`)))
    const order: number[] = []
    const asked = processes.map((process, index) => process.call('hold').then(() => order.push(index)))
    await engine.clock.advance(5_000)
    await Promise.all(asked)
    expect(order).toEqual([0, 1, 2, 3, 4])
  })

  test('T3 while somebody has the turn nobody else wins, and after a second it is over', async () => {
    const engine = await startTestEngine({ project: counting })
    const ana = await engine.connect('ana')
    const turn = await ana.call('hold')
    expect(await ana.call('commit', 0, null)).toBe(false)
    expect(await ana.call('commit', 0, Number(turn) + 1)).toBe(false)
    await engine.clock.advance(999)
    expect(await ana.call('commit', 0, null)).toBe(false)
    await engine.clock.advance(1)
    expect(await ana.call('commit', 0, null)).toBe(true)
    const next = await ana.call('hold')
    expect(await ana.call('commit', 1, turn)).toBe(false)
    expect(await ana.call('commit', 1, next)).toBe(true)
    expect(engine.clock.pending).toBe(0)
  })

  test('T3 a turn ends with its commit, whatever comes of it', async () => {
    const engine = await startTestEngine({ project: counting, storageQuotaBytes: 3 })
    const ana = await engine.connect('ana')
    const turn = await ana.call('hold')
    await expect(ana.call('commit', 0, turn)).rejects.toMatchObject({ code: 'STORAGE_QUOTA_EXCEEDED' })
    expect(engine.clock.pending).toBe(0)
  })

  test('T9 a slot set from outside is told to every replica, and waits for whoever has the turn', async () => {
    const engine = await startTestEngine({ project: counting })
    const ana = await engine.connect('ana')
    await ana.call('add')
    expect(await engine.operator.setSlot(ana, 'hot', 10)).toBe(2)
    expect(await ana.call('get', 'hot')).toBe(10)
    await ana.call('add')
    expect(engine.reads.storage(ana.id).slots).toMatchObject([{ slot: 'hot', text: '11', changedBy: 'Designer' }])
    const turn = await ana.call('hold')
    const setting = engine.operator.setSlot(ana, 'hot', 50)
    await engine.settle()
    expect(engine.reads.storage(ana.id).slots).toMatchObject([{ text: '11' }])
    expect(await ana.call('commit', 3, turn)).toBe(true)
    await setting
    expect(engine.reads.storage(ana.id).slots).toMatchObject([{ text: '50', changedBy: 'Designer (console)' }])
    await engine.operator.setSlot(ana, 'hot', undefined)
    expect(engine.reads.storage(ana.id)).toMatchObject({ slots: [], bytes: 0 })
    expect(await ana.call('get', 'hot')).toBeNull()
    await expect(engine.operator.dispatch('storage.set', { sessionId: ana.id, slot: 'x', text: '{' })).rejects.toMatchObject({ code: 'NOT_STORABLE' })
    expect(engine.clock.pending).toBe(0)
  })

  test('T9 code reaches the storage of any session by its id', async () => {
    const engine = await startTestEngine({ project: counting })
    const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
    expect(await ana.call('write', bob.id, 'from ana', 'hello')).toBe(true)
    expect(await bob.call('get', 'from ana')).toBe('hello')
    expect(await ana.call('write', 'F'.repeat(32), 'x', 1)).toBeNull()
  })

  test('T10 who waits for the turn when the session ends is refused, and the storage is gone', async () => {
    const hold = createGate()
    const engine = await startTestEngine({ project: { ...counting, database: { onServerCloseConnection: () => hold.passed } } })
    const ana = await engine.connect('ana')
    const second = await ana.process('second')
    await ana.call('hold')
    const waiting = second.call('hold').catch((error: unknown) => error)
    const setting = engine.operator.setSlot(ana, 'hot', 1).catch((error: unknown) => error)
    await engine.settle()
    const closing = ana.close()
    hold.open()
    await closing
    expect(await waiting).toMatchObject({ code: 'CALL_CANCELLED' })
    expect(await setting).toMatchObject({ code: 'SESSION_ENDED' })
    expect(() => engine.reads.storage(ana.id)).toThrow(expect.objectContaining({ code: 'SESSION_NOT_FOUND' }))
    expect(engine.clock.pending).toBe(0)
    const again = await engine.connect('ana')
    expect(engine.reads.storage(again.id)).toMatchObject({ clock: 0, slots: [] })
  })

  test('T10 Close Connection still finds the storage', async () => {
    const found: unknown[] = []
    const engine = await startTestEngine({
      project: {
        ...counting,
        database: {
          onServerCloseConnection: (scope) => {
            found.push(scope.session.storage.get('hot'))
          },
        },
      },
    })
    const ana = await engine.connect('ana')
    await ana.call('add')
    await ana.close()
    expect(found).toEqual([1])
  })
})
