import { TesseraError } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import { MemoryAuditLog } from '../memory/memory-audit-log.ts'
import { startTestEngine } from '../testing/index.ts'

const edge = { kind: 'edge', address: '10.0.0.1' } as const
const everything = { limit: 100, before: null }

describe('the record of acts', () => {
  test('A22 every act of an operator has one entry, failed or not, with who, what, why and how it ended', async () => {
    const engine = await startTestEngine()
    const ana = await engine.connect('ana')
    const viewer = engine.as('Viktor', 'viewer')
    await engine.operator.message(ana, 'hello')
    await engine.operator.disconnect([ana.id, 'X'], { reason: 'cleaning', dryRun: true })
    await expect(viewer.disconnect(ana)).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await expect(engine.operator.dispatch('directory.removeUser', { name: 'Nobody' })).rejects.toMatchObject({ code: 'USER_NOT_FOUND' })
    await engine.operator.disconnect(ana, { reason: 'cleaning' })
    const rows = await engine.reads.audit(everything)
    expect([...rows].reverse()).toMatchObject([
      { number: 1, who: 'Designer (console)', role: 'admin', act: 'session.message', target: `{"ids":["${ana.id}"]}`, reason: '', ok: true, code: null },
      { number: 2, act: 'session.disconnect (dry run)', reason: 'cleaning', ok: false, code: 'SESSION_NOT_FOUND' },
      { number: 3, who: 'Viktor (console)', role: 'viewer', act: 'session.disconnect', ok: false, code: 'NOT_ALLOWED' },
      { number: 4, act: 'directory.removeUser', target: 'Nobody', ok: false, code: 'USER_NOT_FOUND' },
      { number: 5, act: 'session.disconnect', reason: 'cleaning', ok: true },
    ])
    expect(rows.every(({ at }) => at === '2026-01-05T08:00:00.000Z')).toBe(true)
    expect(engine.heard('act.recorded')).toHaveLength(5)
  })

  test('A22 what clients, code and the system do is no administrative act; signing in is', async () => {
    const engine = await startTestEngine({ project: { methods: { quick: () => null } } })
    const ana = await engine.connect('ana')
    await ana.call('quick')
    await ana.close()
    expect(await engine.reads.audit(everything)).toEqual([])
    await engine.engine.dispatch('operator.signIn', { user: 'Designer', password: 'x', address: '10.0.0.1' }, edge).catch(() => undefined)
    expect(await engine.reads.audit(everything)).toMatchObject([
      { who: '10.0.0.1', role: 'system', act: 'operator.signIn', target: 'Designer', ok: false, code: 'BAD_CREDENTIALS' },
    ])
  })

  test('A22 to wait for what an act brings about is no act', async () => {
    const engine = await startTestEngine({ project: { methods: { quick: () => 7 } } })
    const started = await engine.operator.dispatch('procedure.start', { method: 'quick', args: '[]', name: 'seven', unique: false })
    await engine.operator.dispatch('procedure.result', { processId: started.processId })
    await expect(engine.operator.dispatch('message.receipt', { id: 'X' })).rejects.toMatchObject({ code: expect.any(String) })
    expect(await engine.reads.audit(everything)).toMatchObject([{ act: 'procedure.start' }])
  })

  test('A22 a guesser who is held off does not fill the record', async () => {
    const engine = await startTestEngine()
    const guess = () => engine.engine.dispatch('operator.signIn', { user: 'Designer', password: 'guess', address: '10.0.0.1' }, edge).catch(() => undefined)
    for (let index = 0; index < 50; index++) await guess()
    expect(await engine.reads.audit(everything)).toHaveLength(5)
  })

  test('A22 an entry that cannot be kept is the operator’s error, and is tried once', async () => {
    let tried = 0
    class FullDisk extends MemoryAuditLog {
      override async append(): Promise<void> {
        tried += 1
        throw new TesseraError('DATABASE_ERROR', 'The disk is full.')
      }
    }
    const engine = await startTestEngine({ ports: { audit: new FullDisk() } })
    const ana = await engine.connect('ana')
    await expect(engine.operator.message(ana, 'hello')).rejects.toMatchObject({ code: 'DATABASE_ERROR' })
    expect(tried).toBe(1)
    expect(engine.heard('session.messaged')).toHaveLength(1)
  })

  test('A22 a name of any length takes a bounded place', async () => {
    const engine = await startTestEngine()
    await engine.operator.dispatch('directory.removeUser', { name: 'x'.repeat(1_000_000) }).catch(() => undefined)
    await engine.operator.disconnect(
      Array.from({ length: 10_000 }, (_none, index) => `id ${index}`),
      { reason: 'y'.repeat(1_000_000) },
    )
    for (const row of await engine.reads.audit(everything)) expect(JSON.stringify(row).length).toBeLessThan(2000)
  })

  test('A23 no secret is on the record, in an event or in a log', async () => {
    const secrets = ['a secret password', 'guessed by somebody', 'the value of a slot', 'the arguments of a procedure']
    const engine = await startTestEngine({ project: { methods: { job: () => null } } })
    const { operator } = engine
    const ana = await engine.connect('ana')
    await operator.dispatch('directory.addUser', { name: 'Bob', password: 'a secret password', groups: [] })
    await operator.dispatch('directory.setPassword', { name: 'Bob', password: 'a secret password' })
    await engine.engine.dispatch('operator.signIn', { user: 'Bob', password: 'guessed by somebody', address: '10.0.0.1' }, edge).catch(() => undefined)
    const { token } = await operator.dispatch('token.create', { name: 'ci', role: 'viewer' })
    const link = await operator.dispatch('link.create', {})
    const session = await engine.engine.dispatch('operator.exchange', { token: link.token, address: '10.0.0.1' }, edge)
    await operator.dispatch('operator.signOut', { token: session.token })
    await operator.startProcedure('job', ['the arguments of a procedure'])
    const recorded = engine.events.filter(({ name }) => name !== 'storage.changed')
    await operator.setSlot(ana, 'slot', 'the value of a slot')
    const told = JSON.stringify([
      await engine.reads.audit(everything),
      recorded,
      engine.logger.entries,
      await engine.reads.users(),
      await engine.reads.tokens(),
    ])
    for (const secret of [...secrets, token, link.token, session.token, ana.welcome.resumeToken, ana.welcome.ticket]) expect(told).not.toContain(secret)
    expect(JSON.stringify(await engine.ports.credentials.list('token'))).not.toContain(token)
  })
})
