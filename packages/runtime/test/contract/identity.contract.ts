import { expect, test } from 'vitest'
import { type ContractRoom, eventually, failureOf } from './contract-room.ts'

/** Whose session running code sees, and what it may do with it. */
export const identityContract = (room: ContractRoom): void => {
  test('X1 sessions that interleave in one isolate never see each other', async () => {
    const sessions = ['ONE', 'TWO', 'THREE', 'FOUR'].map((id) => room.engine.openSession(id))
    const results = await Promise.all(sessions.map((id) => room.engine.call(room.engine.process(id), 'who', 1000)))
    expect(results).toEqual(sessions.map((id) => ({ id, process: 1, wrong: 0 })))
  })

  test('X1 outside a call session() is null and currentProcess() is not available', async () => {
    const seen = await room.engine.call(room.engine.process(room.engine.openSession('OUT')), 'outside')
    expect(seen).toEqual({ session: null, process: 'NOT_AVAILABLE_HERE' })
  })

  test('X1 facts of the session are the ones the engine pushed last', async () => {
    const process = room.engine.process(room.engine.openSession('FACTS'))
    await room.engine.call(process, 'hello', 'x')
    expect(await room.engine.call(process, 'privileges')).toEqual({
      before: [['sales'], true, false],
      set: true,
      after: ['sales', 'a', 'b', 'role:boss'],
      wrong: 'BAD_REQUEST',
      cleared: true,
      end: [],
    })
  })

  test("X1 a session object kept by another session's code does not change privileges", async () => {
    const [one, two] = ['KEEPS', 'USES'].map((id) => room.engine.process(room.engine.openSession(id)))
    if (one === undefined || two === undefined) throw new Error('two sessions')
    const answers = []
    // With several isolates the two may be placed apart; the module then kept nothing.
    answers.push(await room.engine.call(one, 'leaked', true), await room.engine.call(two, 'leaked', false).catch(() => 'NOT_AVAILABLE_HERE'))
    expect(answers).toEqual(['kept', 'NOT_AVAILABLE_HERE'])
  })

  test('X1 a one-time token is asked of the engine, with a lifespan that is a number', async () => {
    const process = room.engine.process(room.engine.openSession('OTP'))
    expect(await room.engine.call(process, 'createOTP', null)).toBe('token of OTP for null')
    expect(await room.engine.call(process, 'createOTP', 30)).toBe('token of OTP for 30')
    for (const lifespan of [0, 'NaN', 'text', 'infinite'])
      expect(await failureOf(room.engine.call(process, 'createOTP', lifespan))).toMatchObject({ code: 'OTP_LIFESPAN_INVALID' })
    expect(await room.engine.call(process, 'wrongOTP')).toEqual(['OTP_LIFESPAN_INVALID', 'OTP_LIFESPAN_INVALID', 'OTP_LIFESPAN_INVALID'])
  })

  test('X1 after restore session() is the session of the token, and so is the object that was kept', async () => {
    const [web, desk] = [room.engine.openSession('WEB', 'web'), room.engine.openSession('DESK')]
    room.engine.setSlot(desk, 'from', 'desk')
    const slots = { from: 'desk', restored: true, kept: true }
    const expected = { wrong: 'BAD_REQUEST', done: true, ids: ['DESK', 'DESK'], slots, idle: false, privileges: ['sales'] }
    expect(await room.engine.call(room.engine.process(web), 'restore', 'DESK')).toEqual(expected)
    expect(room.engine.slots(desk)).toEqual(slots)
    expect(room.engine.slots(web)).toEqual({})
  })

  test('X1 a session that a call went to is kept up to date wherever it is placed', async () => {
    const [web, desk] = [room.engine.openSession('WEB3', 'web'), room.engine.openSession('DESK3')]
    await room.engine.call(room.engine.process(desk), 'hello', 'x')
    const { outcome } = room.engine.start(room.engine.process(web), 'follow', ['DESK3'])
    await eventually(() => room.engine.slots(desk)['there'] === true)
    room.engine.setPrivileges(desk, ['late'])
    room.engine.setSlot(desk, 'go', true)
    expect(await outcome).toMatchObject({ ok: true, value: '[["late"],true]' })
  })

  test('X1 after a restore that was refused nothing is another', async () => {
    const web = room.engine.openSession('WEB2', 'web')
    expect(await room.engine.call(room.engine.process(web), 'restore', 'NOBODY')).toMatchObject({ done: false, ids: ['WEB2', 'WEB2'], idle: true })
    expect(room.engine.slots(web)).toEqual({ restored: false, kept: true })
  })

  test('X1 what a call was lent counts for hasPrivilege alone, and ends with demote or the call', async () => {
    const id = room.engine.openSession('LENT', 'web')
    const wrong = ['BAD_REQUEST', 'BAD_REQUEST']
    expect(await room.engine.call(room.engine.process(id), 'promote', 'boss')).toEqual({ id: 1, during: [true, false], after: false, wrong })
    expect(await room.engine.call(room.engine.process(id), 'promote', 'nobody')).toEqual({ id: 0, during: [false, false], after: false, wrong })
    expect(await room.engine.call(room.engine.process(id), 'promoteBehind')).toBe(true)
    await eventually(() => room.engine.slots(id)['late'] === false)
  })

  test('X1 an idle timeout is there in web sessions alone, is seen at once, and its call ends when the engine has it', async () => {
    expect(await room.engine.call(room.engine.process(room.engine.openSession('NOIDLE')), 'idle', 90)).toBe(null)
    const process = room.engine.process(room.engine.openSession('IDLE', 'web'))
    const [one, two] = [
      [60, '2026-11-22T01:00:00.000Z'],
      [120, '2026-11-22T02:00:00.000Z'],
    ]
    expect(await room.engine.call(process, 'idle', 120)).toEqual({ before: one, after: two, keys: true })
    expect(await room.engine.call(process, 'idle', 5)).toEqual({ before: two, after: one, keys: true })
    expect(await room.engine.call(process, 'idle', 'text')).toBe('BAD_REQUEST')
    for (const minutes of [1.5, 1e9]) expect(await failureOf(room.engine.call(process, 'idle', minutes))).toMatchObject({ code: 'BAD_REQUEST' })
    expect(await failureOf(room.engine.call(process, 'idle', 1000))).toMatchObject({ code: 'SESSION_ENDED' })
  })

  test('X1 a session is asked for by a text', async () => {
    expect(await room.engine.call(room.engine.process(room.engine.openSession('IDS')), 'wrongIds')).toEqual(Array.from({ length: 8 }, () => 'BAD_REQUEST'))
  })
}
