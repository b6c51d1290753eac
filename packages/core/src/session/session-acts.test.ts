import { describe, expect, test } from 'vitest'
import { createGate, startTestEngine, type TestProject } from '../testing/index.ts'

const waiting = (gate: { passed: Promise<void> }): TestProject => ({ methods: { wait: () => gate.passed, quick: () => 'quick' } })

describe('acts on sessions', () => {
  test('S10 disconnecting tells the reason at once, cancels what runs and refuses to resume', async () => {
    const gate = createGate()
    const journal: string[] = []
    const engine = await startTestEngine({
      project: {
        ...waiting(gate),
        database: {
          onServerCloseConnection: () => {
            journal.push('close connection')
          },
        },
      },
    })
    const ana = await engine.connect('ana')
    engine.ports.bus.on('session.closed', ({ code, reason }) => journal.push(`${code} ${reason}`))
    const call = ana.call('wait').catch((error: unknown) => error)
    await engine.settle()
    expect(await engine.operator.disconnect(ana, { reason: 'maintenance' })).toEqual({ results: [{ id: ana.id, ok: true }], job: null })
    expect(journal).toEqual(['SESSION_ENDED maintenance', 'close connection'])
    expect(await call).toMatchObject({ code: 'CALL_CANCELLED', message: 'maintenance' })
    await expect(ana.resume()).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  })

  test('S11 ending takes no new calls and nobody back, lets what runs finish, then disconnects', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: waiting(gate) })
    const ana = await engine.connect('ana')
    const calls = [ana.call('wait'), ana.call('quick')]
    await engine.settle()
    const ending = engine.operator.end(ana, { graceSeconds: 60 })
    await engine.clock.advance(59_000)
    expect(ana.row.state).toBe('draining')
    await expect(ana.call('quick')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    await expect(ana.process('more')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    await expect(ana.resume()).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    expect(await engine.operator.end(ana)).toMatchObject({ results: [{ ok: false, error: { code: 'ILLEGAL_STATE' } }] })
    gate.open()
    expect(await Promise.all(calls)).toEqual([null, 'quick'])
    expect(await ending).toMatchObject({ results: [{ ok: true }] })
    expect(engine.heard('session.closed')).toHaveLength(1)
    expect(engine.clock.pending).toBe(0)
  })

  test('S11 at the end of the grace what still runs is cancelled', async () => {
    const engine = await startTestEngine({ project: waiting(createGate()) })
    const ana = await engine.connect('ana')
    const call = ana.call('wait').catch((error: unknown) => error)
    await engine.settle()
    const ending = engine.operator.end(ana, { graceSeconds: 5, reason: 'time is up' })
    await engine.clock.advance(5_000)
    await ending
    expect(await call).toMatchObject({ code: 'CALL_CANCELLED', message: 'time is up' })
  })

  test('S11 an unreachable session that is ended goes at once, and does not wait for its client', async () => {
    const engine = await startTestEngine()
    const ana = await engine.connect('ana')
    await ana.lose()
    await engine.operator.end(ana)
    expect(engine.heard('session.closed')).toHaveLength(1)
    expect(engine.clock.pending).toBe(0)
  })

  test('S12 bulk acts mean named sessions or all remote ones that match; each has its own result', async () => {
    const engine = await startTestEngine()
    const [ana, bob] = [await engine.connect('a', { machineName: 'kiosk-1' }), await engine.connect('b', { machineName: 'kiosk-2' })]
    const eve = await engine.connect('c', { machineName: 'office' })
    const unknown = 'F'.repeat(32)
    const mixed = await engine.operator.disconnect([ana.id, unknown, engine.reads.proceduresSession(), ana.id])
    expect(mixed.results).toMatchObject([
      { id: ana.id, ok: true },
      { id: unknown, ok: false, error: { code: 'SESSION_NOT_FOUND' } },
      { id: engine.reads.proceduresSession(), ok: false, error: { code: 'NOT_ALLOWED' } },
    ])
    expect(await engine.operator.disconnect({ text: 'kiosk' })).toMatchObject({ results: [{ id: bob.id, ok: true }] })
    expect(await engine.operator.disconnect({})).toMatchObject({ results: [{ id: eve.id, ok: true }] })
    expect(await engine.operator.disconnect({})).toEqual({ results: [], job: null })
  })

  test('S13 a dry run changes nothing and tells what would fail', async () => {
    const engine = await startTestEngine()
    const [ana, bob] = [await engine.connect('a'), await engine.connect('b')]
    await bob.lose()
    await engine.settle()
    const before = engine.events.length
    const how = { dryRun: true }
    expect((await engine.operator.disconnect([ana.id, 'X'], how)).results.map(({ ok }) => ok)).toEqual([true, false])
    expect((await engine.operator.end([ana.id, bob.id], how)).results.map(({ ok }) => ok)).toEqual([true, true])
    expect((await engine.operator.message([ana.id, bob.id], 'hi', how)).results.map(({ ok }) => ok)).toEqual([true, true])
    expect((await engine.operator.reload([ana.id], how)).results).toMatchObject([{ ok: false, error: { code: 'ILLEGAL_STATE' } }])
    expect(engine.events.slice(before).every(({ name }) => name === 'act.recorded')).toBe(true)
    expect([ana.row.state, bob.row.state]).toEqual(['active', 'unreachable'])
  })

  test('S14 no call begins in a session that was told closed', async () => {
    const gate = createGate()
    const hold = createGate()
    const engine = await startTestEngine({ project: { ...waiting(gate), database: { onServerCloseConnection: () => hold.passed } } })
    const ana = await engine.connect('ana')
    const calls = Promise.allSettled([ana.call('wait'), ana.call('quick')])
    await engine.settle()
    const closing = engine.operator.disconnect(ana)
    await engine.settle()
    const begun = engine.host.calls.length
    await expect(ana.call('quick')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    await expect(ana.process('more')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
    expect(await calls).toMatchObject([{ reason: { code: 'CALL_CANCELLED' } }, { reason: { code: 'SESSION_ENDED' } }])
    expect(engine.host.calls).toHaveLength(begun)
    for (const act of [engine.operator.message(ana, 'hi'), engine.operator.reload(ana), engine.operator.end(ana)]) {
      expect(await act).toMatchObject({ results: [{ ok: false, error: { code: 'SESSION_ENDED' } }] })
    }
    hold.open()
    await closing
  })

  test('S16 a message waits until its client has received it, however often that one is lost', async () => {
    const engine = await startTestEngine()
    const [ana, bob] = [await engine.connect('a'), await engine.connect('b')]
    await bob.lose()
    const at = engine.clock.now()
    expect((await engine.operator.message({}, 'Lunch')).results).toMatchObject([{ ok: true }, { ok: true }])
    expect(engine.heard('session.messaged')).toMatchObject([{ sessionId: ana.id, number: 1, text: 'Lunch', at }, { sessionId: bob.id }])
    await ana.received(1)
    await engine.operator.message(bob, 'Dinner')
    const messages = [
      { number: 1, text: 'Lunch', at },
      { number: 2, text: 'Dinner', at },
    ]
    expect((await bob.resume()).messages).toEqual(messages)
    // Its acknowledgement was lost with the connection.
    expect((await bob.resume()).messages).toEqual(messages)
    await bob.received(1)
    expect(bob.row.waitingMessages).toBe(1)
    await bob.received(2)
    await bob.received(2)
    expect((await bob.resume()).messages).toEqual([])
    expect((await ana.resume()).messages).toEqual([])
    expect(engine.heard('session.received')).toHaveLength(3)
  })

  test('S16 a hundred messages wait for a client at most', async () => {
    const engine = await startTestEngine()
    const ana = await engine.connect('ana')
    await ana.lose()
    for (let sent = 0; sent < 100; sent++) await engine.operator.message(ana, 'x')
    expect((await engine.operator.message(ana, 'one too many')).results).toMatchObject([{ ok: false, error: { code: 'ILLEGAL_STATE' } }])
    expect((await ana.resume()).messages).toHaveLength(100)
  })
})
