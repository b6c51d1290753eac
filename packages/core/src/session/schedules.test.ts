import { describe, expect, test } from 'vitest'
import { createGate, startTestEngine, TestEngine, type TestProject } from '../testing/index.ts'
import type { ScheduleFacts } from '../version/project-settings.ts'

const minute = 60_000
const hour = 60 * minute

const schedule = (facts: Partial<ScheduleFacts> = {}): ScheduleFacts => ({
  name: 'report',
  cron: '*/5 * * * *',
  timeZone: 'UTC',
  method: 'report',
  args: '["by clock"]',
  ...facts,
})

const project = (schedules: readonly ScheduleFacts[], gate = createGate()): TestProject => ({
  schedules,
  methods: {
    report: (_scope, ...args) => args,
    wait: () => gate.passed,
    fail: () => {
      throw new Error('no paper')
    },
  },
})

/** The test clock begins here. */
const eightOClock = Date.UTC(2026, 0, 5, 8)

describe('schedules', () => {
  test('P45 the clock starts the method as a stored procedure of the schedule’s name, with its arguments', async () => {
    const engine = await startTestEngine({ project: project([schedule({ name: 'every five' })]) })
    expect(engine.reads.schedules()).toMatchObject([{ name: 'every five', nextAt: '2026-01-05T08:05:00.000Z', last: null, skipped: 0 }])
    await engine.clock.advance(5 * minute - 1)
    expect(engine.reads.procedures()).toEqual([])
    await engine.clock.advance(1)
    expect(engine.reads.procedures()).toMatchObject([{ name: 'every five', kind: 'storedProcedure', result: { ok: true, value: '["by clock"]' } }])
    expect(engine.heard('procedure.started')).toMatchObject([{ method: 'report', by: 'schedule every five' }])
    await engine.clock.advance(10 * minute)
    expect(engine.heard('schedule.started')).toHaveLength(3)
  })

  test('P45 one timer waits for all, and looks at the clock each minute', async () => {
    const far = schedule({ name: 'far', cron: '0 3 6 1 *' })
    const engine = await startTestEngine({ project: project([far, schedule({ name: 'farther', cron: '0 3 1 4 *' })]) })
    expect(engine.clock.pending).toBe(1)
    await engine.clock.advance(Date.UTC(2026, 0, 6, 3) - eightOClock - 1)
    expect(engine.host.calls).toEqual([])
    expect(engine.clock.pending).toBe(1)
    await engine.clock.advance(1)
    expect(engine.heard('schedule.started')).toMatchObject([{ schedule: 'far' }])
  })

  test('P45 only the current version’s schedules run, and a publish replaces them at once', async () => {
    const engine = await startTestEngine({ project: project([schedule(), schedule({ name: 'goes', cron: '*/7 * * * *' })]) })
    await engine.clock.advance(4 * minute)
    await engine.publish(project([schedule({ args: '["anew"]' }), schedule({ name: 'comes', cron: '*/6 * * * *' })]))
    expect(engine.reads.schedules().map(({ name, nextAt }) => [name, nextAt?.slice(11, 16)])).toEqual([
      ['report', '08:05'],
      ['comes', '08:06'],
    ])
    await engine.clock.advance(4 * minute)
    expect(engine.heard('schedule.started').map(({ schedule: name }) => name)).toEqual(['report', 'comes'])
    expect(engine.host.calls.map(({ args }) => args)).toEqual(['["anew"]', '["by clock"]'])
    await engine.publish({ methods: {} })
    expect(engine.reads.schedules()).toEqual([])
    expect(engine.clock.pending).toBe(0)
  })

  test('P45 a publish in the instant in which a time comes neither loses nor repeats it', async () => {
    const engine = await startTestEngine({ project: project([schedule()]) })
    engine.edit(project([schedule({ args: '["by clock"]' }), schedule({ name: 'other' })]))
    engine.clock.after(5 * minute, () => void engine.operator.dispatch('version.reload', {}))
    await engine.clock.advance(6 * minute)
    expect(engine.heard('schedule.started').filter(({ schedule: name }) => name === 'report')).toHaveLength(1)
  })

  test('P46 while the run of the time before goes on, times are left out and counted', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: project([schedule({ method: 'wait' })], gate) })
    await engine.clock.advance(16 * minute)
    expect(engine.heard('schedule.started')).toHaveLength(1)
    expect(engine.reads.schedules()).toMatchObject([{ skipped: 2, last: { ok: null } }])
    await engine.publish(project([schedule({ method: 'wait', args: '[]' })], gate))
    await engine.clock.advance(5 * minute)
    expect(engine.reads.schedules()).toMatchObject([{ skipped: 3 }])
    gate.open()
    await engine.clock.advance(5 * minute)
    expect(engine.heard('schedule.started')).toHaveLength(2)
    expect(engine.reads.schedules()).toMatchObject([{ skipped: 3, last: { ok: true, at: '2026-01-05T08:25:00.000Z' } }])
  })

  test('P46 a time that came while no server ran is left out', async () => {
    const engine = await startTestEngine({ project: project([schedule({ cron: '0 9 * * *' })]) })
    const next = engine.kill()
    await next.clock.advance(2 * hour)
    await next.start()
    await next.settle()
    expect(next.heard('schedule.started')).toEqual([])
    expect(next.reads.schedules()).toMatchObject([{ nextAt: '2026-01-06T09:00:00.000Z' }])
  })

  test('P46 nothing is started before the server runs, nor once it stops, nor where a project runs alone', async () => {
    const gate = createGate()
    const starting = new TestEngine({ project: { ...project([schedule()]), database: { onServerStartup: () => gate.passed } } })
    const started = starting.start()
    await starting.clock.advance(hour)
    expect(starting.heard('schedule.started')).toEqual([])
    gate.open()
    await started
    await starting.stop()
    expect(starting.clock.pending).toBe(0)
    const alone = await startTestEngine({ project: project([schedule()]), standalone: true })
    await alone.clock.advance(hour)
    expect(alone.reads.schedules()).toEqual([])
    expect(alone.heard('schedule.started')).toEqual([])
  })

  test('P47 an operator starts one now; its end is shown, and while it runs it is not started again', async () => {
    const gate = createGate()
    const engine = await startTestEngine({ project: project([schedule({ name: 'fails', method: 'fail' }), schedule({ name: 'waits', method: 'wait' })], gate) })
    const { processId } = await engine.operator.dispatch('schedule.start', { name: 'fails' })
    await engine.settle()
    expect(engine.reads.schedules()[0]).toMatchObject({ last: { processId, ok: false, message: 'no paper', at: '2026-01-05T08:00:00.000Z' } })
    await engine.operator.dispatch('schedule.start', { name: 'waits' })
    await expect(engine.operator.dispatch('schedule.start', { name: 'waits' })).rejects.toMatchObject({ code: 'ILLEGAL_STATE' })
    await expect(engine.operator.dispatch('schedule.start', { name: 'nothing' })).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' })
    expect(engine.heard('schedule.ended')).toMatchObject([{ schedule: 'fails', ok: false }])
    gate.open()
  })

  test('P47 a procedure that cannot be started is told and shown, and the next time is tried again', async () => {
    const engine = await startTestEngine({ project: { ...project([schedule({ method: 'gone' })]), name: 'Shop' } })
    await engine.clock.advance(10 * minute)
    expect(engine.heard('schedule.failed')).toHaveLength(2)
    expect(engine.reads.schedules()).toMatchObject([{ last: { ok: false, processId: '', message: expect.stringContaining('gone') } }])
    expect(engine.logger.entries.filter(({ level }) => level === 'error')).toHaveLength(2)
  })
})
