import { startTestEngine } from '@tessera/core/testing'
import { expect, test } from 'vitest'
import { openWindow } from './view-window.ts'

const everything = { query: { text: '', chips: [] }, sort: { column: 'machineName', direction: 'ascending' }, offset: 0, limit: 2 } as const

test('W30 a window of the list tells its rows once, then only what changed in it', async () => {
  const engine = await startTestEngine({ project: {} })
  const ana = await engine.connect(null, { machineName: 'ana' })
  await engine.connect(null, { machineName: 'bea' })
  const window = openWindow(engine.reads, { kind: 'sessions', ...everything, query: { text: '', chips: ['remote'] } })
  engine.ports.bus.onAny((event) => window.hear(event))
  expect(await window.snapshot()).toMatchObject({ window: { total: 3, matching: 2, order: [ana.id, expect.any(String)], rows: [{ id: ana.id }, {}] } })
  expect(await window.patch()).toBeNull()
  await engine.operator.setPrivileges(ana, ['nobody-declared-this'])
  expect(await window.patch()).toBeNull()
  await engine.connect(null, { machineName: 'zoe' })
  expect(await window.patch()).toMatchObject({ window: { matching: 3, rows: [] } })
  await engine.operator.disconnect(ana)
  expect(await window.patch()).toMatchObject({ window: { matching: 2, order: [expect.any(String), expect.any(String)], rows: [{ machineName: 'zoe' }] } })
})

test('W30 a window of storage tells only the slots that changed or went', async () => {
  const engine = await startTestEngine({ project: {} })
  const ana = await engine.connect('ana')
  await engine.operator.setSlot(ana, 'cart', [1])
  await engine.operator.setSlot(ana, 'theme', 'dark')
  const window = openWindow(engine.reads, { kind: 'storage', id: ana.id })
  engine.ports.bus.onAny((event) => window.hear(event))
  expect(await window.snapshot()).toMatchObject({ storage: { clock: 2, slots: [{ slot: 'cart' }, { slot: 'theme' }] } })
  await engine.operator.setSlot(ana, 'cart', [1, 2])
  await engine.operator.setSlot(ana, 'theme', undefined)
  expect(await window.patch()).toMatchObject({ clock: 4, changed: [{ slot: 'cart', text: '[1,2]' }], removed: ['theme'] })
  expect(await window.patch()).toBeNull()
})

test('W30 a window of the server tells who is let in as soon as that changes', async () => {
  const engine = await startTestEngine({ project: {} })
  const window = openWindow(engine.reads, { kind: 'server' })
  engine.ports.bus.onAny((event) => window.hear(event))
  expect(await window.snapshot()).toMatchObject({ server: { entry: { accepting: true }, licences: { maximum: null } } })
  await engine.operator.dispatch('connections.reject', { message: 'Backup' })
  expect(await window.patch()).toMatchObject({ server: { entry: { accepting: false, message: 'Backup' } } })
  await engine.operator.dispatch('licences.set', { maximum: 3 })
  expect(await window.patch()).toMatchObject({ server: { licences: { maximum: 3 } } })
  expect(await window.patch()).toBeNull()
})

test('W37 a window of the server tells of isolates that do not answer, and of sessions in quarantine', async () => {
  const engine = await startTestEngine({ project: { callLog: { slowMs: 20 } } })
  const ana = await engine.connect('ana')
  const [isolate] = engine.host.isolates()
  if (isolate === undefined) throw new Error('no isolate')
  const window = openWindow(engine.reads, { kind: 'server' })
  engine.ports.bus.onAny((event) => window.hear(event))
  const well = { isolates: { total: 1, blocked: 0, quarantined: 0 }, callLog: { enabled: true, slowMs: 20, arguments: false } }
  expect(await window.snapshot()).toMatchObject({ server: well })
  engine.host.troubles.set(isolate.digest, { state: 'blocked' })
  engine.ports.bus.emit({ name: 'isolate.blocked', isolate: isolate.id, call: null })
  expect(await window.patch()).toMatchObject({ server: { isolates: { total: 1, blocked: 1, quarantined: 0 } } })
  engine.host.troubles.set(isolate.digest, { quarantined: { sessionId: ana.id, method: 'spin', since: 0, why: 'spin blocked another' } })
  engine.ports.bus.emit({ name: 'session.quarantined', sessionId: ana.id, isolate: isolate.id, method: 'spin', why: 'spin blocked another' })
  expect(await window.patch()).toMatchObject({ server: { isolates: { total: 1, blocked: 0, quarantined: 1 } } })
  engine.host.troubles.clear()
  engine.ports.bus.emit({ name: 'session.released', sessionId: ana.id })
  expect(await window.patch()).toMatchObject({ server: well })
  expect(await window.patch()).toBeNull()
})

test('W30 a window on the server tells that a roles.json was refused, and that it was put right', async () => {
  const roles = '{ "privileges": [], "permissions": { "allowed": [] } }'
  const engine = await startTestEngine({ project: { roles } })
  const window = openWindow(engine.reads, { kind: 'server' })
  engine.ports.bus.onAny((event) => window.hear(event))
  expect(await window.snapshot()).toMatchObject({ server: { rolesProblem: null } })
  engine.edit({ roles: '{' })
  await engine.operator.dispatch('roles.reload', {}).catch(() => undefined)
  expect(await window.patch()).toMatchObject({ server: { rolesProblem: { problems: [{ file: 'roles.json', line: 1, column: 2 }] } } })
  engine.edit({ roles })
  await engine.operator.dispatch('roles.reload', {})
  expect(await window.patch()).toMatchObject({ server: { rolesProblem: null } })
})

test('W17 a window of a history tells only the changes that came after', async () => {
  const engine = await startTestEngine({ project: {} })
  const ana = await engine.connect('ana')
  await engine.operator.setSlot(ana, 'cart', [1])
  const window = openWindow(engine.reads, { kind: 'history', id: ana.id })
  engine.ports.bus.onAny((event) => window.hear(event))
  expect(await window.snapshot()).toMatchObject({
    history: { session: ana.id, changes: [{ clock: 1, slots: [{ slot: 'cart', before: null, after: '[1]' }] }] },
  })
  expect(await window.patch()).toBeNull()
  await engine.operator.setSlot(ana, 'cart', [1, 2])
  await engine.operator.setSlot(ana, 'theme', 'dark')
  expect(await window.patch()).toMatchObject({ kind: 'history', added: [{ clock: 3 }, { clock: 2, slots: [{ before: '[1]', after: '[1,2]' }] }], oldest: 1 })
  expect(await window.patch()).toBeNull()
})

test('W30 a window on a session that ends says that it is gone', async () => {
  const engine = await startTestEngine({ project: {} })
  const ana = await engine.connect('ana')
  const window = openWindow(engine.reads, { kind: 'session', id: ana.id })
  await window.snapshot()
  engine.ports.bus.onAny((event) => window.hear(event))
  await engine.operator.disconnect(ana)
  await expect(window.patch()).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' })
})

test('W30 a window of the processes tells its rows once, then only what changed in it', async () => {
  const engine = await startTestEngine({ project: { methods: { report: () => new Promise(() => undefined) } } })
  const ana = await engine.connect('ana')
  const order = { sort: { column: 'number', direction: 'ascending' }, offset: 0, limit: 10 } as const
  const window = openWindow(engine.reads, { kind: 'processes', query: { text: '', chips: [], session: ana.id, process: null }, ...order })
  engine.ports.bus.onAny((event) => window.hear(event))
  expect(await window.snapshot()).toMatchObject({ kind: 'processes', window: { total: 1, matching: 1, rows: [{ state: 'idle' }] } })
  expect(await window.patch()).toBeNull()
  const orders = await ana.process('Orders')
  expect(await window.patch()).toMatchObject({ window: { total: 2, order: [expect.any(String), expect.any(String)], rows: [{ name: 'Orders' }] } })
  void orders.call('report').catch(() => undefined)
  expect(await window.patch()).toMatchObject({ window: { counts: { executing: 1 }, rows: [{ name: 'Orders', state: 'executing', method: 'report' }] } })
  expect(await window.patch()).toBeNull()
})

test('W32 a window of the isolates is looked at again by itself: their load changes without an event', async () => {
  const engine = await startTestEngine({ project: { methods: { quick: () => 1 } } })
  const window = openWindow(engine.reads, { kind: 'isolates' })
  expect(window.everyMs).toBe(1000)
  expect(await window.snapshot()).toMatchObject({ kind: 'isolates', isolates: [{ sessions: 0, state: 'ready', quarantined: null }] })
  expect(await window.patch()).toBeNull()
  const ana = await engine.connect('ana')
  expect(await window.patch()).toBeNull()
  await ana.call('quick')
  expect(await window.patch()).toMatchObject({ isolates: [{ sessions: 1 }] })
})

test('W30 a window of calls tells those that ended since, of the session that it is about', async () => {
  const engine = await startTestEngine({ project: { methods: { echo: (_scope, value) => value } } })
  const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
  const window = openWindow(engine.reads, { kind: 'calls', slow: false, session: ana.id })
  engine.ports.bus.onAny((event) => window.hear(event))
  await ana.call('echo', 1)
  expect(await window.snapshot()).toMatchObject({ kind: 'calls', calls: [{ number: 1, sessionId: ana.id }] })
  await bob.call('echo', 2)
  expect(await window.patch()).toBeNull()
  await ana.call('echo', 3)
  await ana.call('echo', 4)
  expect(await window.patch()).toMatchObject({ kind: 'calls', added: [{ number: 4 }, { number: 3 }] })
  expect(await window.patch()).toBeNull()
})
