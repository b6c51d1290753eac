import { expect, test } from 'vitest'
import { startTestEngine, type TestProject } from '../testing/index.ts'

const telling: TestProject = {
  methods: {
    info: (scope) => ({ ...scope.session.facts().info }),
    other: async (scope, id) => (await scope.ask({ kind: 'session.seed', sessionId: id as never }))?.facts.info.state ?? null,
  },
}

test('S25 a machine that goes to sleep says so; its session is kept for 48 hours, with its licence', async () => {
  const engine = await startTestEngine({ maxClients: 1, project: telling })
  const ana = await engine.connect('ana')
  await ana.leave('sleep')
  expect(ana.row).toMatchObject({ state: 'sleeping', unreachableSince: null, removedAt: new Date(engine.clock.now() + 172_800_000).toISOString() })
  expect(engine.heard('session.detached')).toMatchObject([{ sessionId: ana.id, state: 'sleeping' }])
  // Its transport goes after that: this is no loss.
  await ana.lose()
  expect(ana.row.state).toBe('sleeping')
  await expect(engine.connect('bob')).rejects.toMatchObject({ code: 'LICENCES_EXHAUSTED' })
  await engine.clock.advance(172_799_000)
  expect(await ana.resume()).toMatchObject({ resumed: true })
  expect(ana.row).toMatchObject({ state: 'active', removedAt: null })
  await ana.leave('sleep')
  await engine.clock.advance(172_800_000)
  await expect(ana.resume()).rejects.toMatchObject({ code: 'SESSION_ENDED', message: expect.stringContaining('slept for too long') })
})

test('S25 a postponed session waits for the next request, and whoever comes too late learns why', async () => {
  const engine = await startTestEngine({ postponedSeconds: 100 })
  const ana = await engine.connect('ana', { mayPostpone: true })
  await ana.leave('postpone')
  expect(ana.row).toMatchObject({ state: 'postponed', removedAt: new Date(engine.clock.now() + 100_000).toISOString() })
  await engine.clock.advance(99_000)
  await ana.resume()
  await ana.leave('postpone')
  await engine.clock.advance(100_000)
  await expect(ana.resume()).rejects.toMatchObject({ message: 'The session to resume has ended: The postponed session expired. Sign in again.' })
})

test('S25 only the newest connection can say so', async () => {
  const engine = await startTestEngine()
  const ana = await engine.connect('ana', { mayPostpone: true })
  await ana.resume()
  await ana.leave('sleep', 1)
  await ana.leave('postpone', 1)
  expect(ana.row.state).toBe('active')
})

test('S18, S25 info tells the state with the name that 4D gives it', async () => {
  const engine = await startTestEngine({ project: telling })
  const [ana, bob] = [await engine.connect('ana', { mayPostpone: true }), await engine.connect('bob')]
  const stateOf = () => bob.call('other', ana.id)
  expect(await stateOf()).toBe('active')
  await ana.leave('sleep')
  expect(await stateOf()).toBe('sleeping')
  await ana.resume()
  await ana.leave('postpone')
  expect(await stateOf()).toBe('postponed')
  await ana.resume()
  await ana.lose()
  expect(await stateOf()).toBe('unreachable')
})

test('S8 once its client confirms the newest token the one before is good no longer', async () => {
  const engine = await startTestEngine()
  const ana = await engine.connect('ana')
  const first = ana.welcome.resumeToken
  await ana.resume()
  const second = ana.welcome.resumeToken
  await ana.confirm(first)
  await ana.resume(first)
  // The newest was never delivered: the one that is confirmed now is not it.
  await ana.confirm(second)
  await ana.resume(first)
  await ana.confirm()
  await expect(ana.resume(first)).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  await expect(ana.resume('x')).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  await ana.resume(ana.welcome.resumeToken)
})
