import { expect, test } from 'vitest'
import { type ContractRoom, failureOf } from './contract-room.ts'

/** Where sessions are, with their storage and the variables of their processes. */
export const placesContract = (room: ContractRoom): void => {
  test('X4 variables stay with their process', async () => {
    const id = room.engine.openSession('VARS')
    await room.engine.call(room.engine.process(id, 1), 'setVariable', 'cart', ['apple'])
    await room.engine.call(room.engine.process(id, 1), 'pushVariable', 'cart', 'pear')
    expect(await room.engine.call(room.engine.process(id, 1), 'getVariable', 'cart')).toEqual(['apple', 'pear'])
    expect(await room.engine.call(room.engine.process(id, 2), 'getVariable', 'cart')).toBe(null)
  })

  test('X4 variables follow a session that leaves its isolate, until the process is closed', async () => {
    const id = room.engine.openSession('MOVES')
    const process = room.engine.process(id)
    await room.engine.call(process, 'setVariable', 'cart', [new Date(0), 1n])
    room.host.leaveVersion(id, room.engine.digest)
    expect(await room.engine.call(process, 'getVariable', 'cart')).toEqual([new Date(0), 1n])
    room.host.closeProcess(id, process.id)
    expect(await room.engine.call(process, 'getVariable', 'cart')).toBe(null)
  })

  test('X5 all processes of a session share one replica', async () => {
    const id = room.engine.openSession('TWINS')
    await room.engine.call(room.engine.process(id, 1), 'put', 'settings', { text: 'Hello' })
    expect(await room.engine.call(room.engine.process(id, 2), 'read', 'settings')).toEqual({ text: 'Hello' })
    expect(room.engine.slots(id)).toEqual({ settings: { text: 'Hello' } })
    expect(room.engine.seeded.filter((seeded) => seeded === id)).toHaveLength(1)
  })

  test('X5 storages of two sessions are apart', async () => {
    const [one, two] = [room.engine.openSession('APART1'), room.engine.openSession('APART2')]
    await room.engine.call(room.engine.process(one), 'put', 'settings', 1)
    expect(await room.engine.call(room.engine.process(two), 'read', 'settings')).toBe(null)
  })

  test('X5 a change from outside reaches the replica, and its watchers in the scope that registered them', async () => {
    const id = room.engine.openSession('WATCH')
    const process = room.engine.process(id)
    const { outcome } = room.engine.start(process, 'watchOnce', ['x'])
    await room.engine.call(process, 'hello', 'x')
    room.engine.setSlot(id, 'x', { seen: true })
    expect(await outcome).toMatchObject({ ok: true, value: '{"value":{"seen":true},"id":"WATCH"}' })
    expect(await room.engine.call(process, 'read', 'x')).toEqual({ seen: true })
  })

  test('X5 the storage of another session is one more replica of it', async () => {
    const [one, two] = [room.engine.openSession('HOSTESS'), room.engine.openSession('GUEST')]
    expect(await room.engine.call(room.engine.process(two), 'other', one)).toEqual({ visits: 1, info: 'user of HOSTESS' })
    room.engine.setSlot(one, 'visits', 10)
    expect(await room.engine.call(room.engine.process(two), 'other', one)).toEqual({ visits: 11, info: 'user of HOSTESS' })
    expect(await room.engine.call(room.engine.process(two), 'other', 'NOBODY')).toBe(null)
    room.engine.closeSession(one)
    expect(await room.engine.call(room.engine.process(two), 'other', one)).toBe(null)
  })

  test('X5 a closed session is forgotten', async () => {
    const id = room.engine.openSession('GONE')
    await room.engine.call(room.engine.process(id), 'hello', 'x')
    const before = room.host.isolates().reduce((sum, { sessions }) => sum + sessions, 0)
    expect(room.host.heldSessions()).toContain(id)
    room.engine.closeSession(id)
    expect(room.host.heldSessions()).not.toContain(id)
    expect(room.host.isolates().reduce((sum, { sessions }) => sum + sessions, 0)).toBe(before - 1)
    expect(await failureOf(room.engine.call(room.engine.process(id), 'hello', 'x'))).toMatchObject({ code: 'SESSION_ENDED' })
  })

  test('T2 increments from many calls at once are all kept', async () => {
    const id = room.engine.openSession('COUNTS')
    await Promise.all(Array.from({ length: 30 }, (_, n) => room.engine.call(room.engine.process(id, n % 3), 'increment', 'n')))
    expect(room.engine.slots(id)).toEqual({ n: 30 })
  })

  test('X40 calls say which isolate ran them: one for all of a session, and of the kind that the console shows', async () => {
    const { engine, host } = room
    const sessions = ['PLACED1', 'PLACED2', 'PLACED3'].map((id) => engine.openSession(id))
    const outcomes = await Promise.all(sessions.flatMap((id) => [1, 2, 1].map((number) => engine.start(engine.process(id, number), 'hello', ['x']).outcome)))
    const places = sessions.map((_, at) => [...new Set(outcomes.slice(at * 3, at * 3 + 3).map(({ isolate }) => isolate))])
    expect(places.map((isolates) => isolates.length)).toEqual([1, 1, 1])
    const known = host.isolates()
    expect(new Set(known.map((isolate) => isolate.host))).toEqual(new Set([room.shownAs]))
    expect(known.map(({ id }) => id)).toEqual(expect.arrayContaining(places.flat()))
  })
}
