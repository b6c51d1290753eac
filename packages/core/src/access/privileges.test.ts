import { describe, expect, test } from 'vitest'
import { startTestEngine, type TestProject } from '../testing/index.ts'

const roles = JSON.stringify({
  privileges: [{ privilege: 'Sales' }, { privilege: 'Stock', includes: ['Sales'] }, { privilege: 'Books' }],
  roles: [{ role: 'Clerk', privileges: ['Stock', 'Ghost'] }],
  permissions: { allowed: [] },
})

const project: TestProject = {
  roles,
  methods: {
    set: async (scope, ...names) => (await scope.ask({ kind: 'privileges.set', names: names.map(String), roles: [] })).privileges,
    clear: async (scope) => (await scope.ask({ kind: 'privileges.clear' })).privileges,
    held: (scope) => [...scope.session.facts().privileges],
  },
}

describe('privileges', () => {
  test('A9 setting adds declared names and those of roles, in any case, and they are held as declared; others are ignored', async () => {
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    expect(await engine.operator.setPrivileges(ana, ['SALES', ' books ', 'Unknown', '', '__proto__'])).toEqual(['Books', 'Sales'])
    expect(await engine.operator.setPrivileges(ana, [], ['clerk', 'nobody'])).toEqual(['Books', 'Sales', 'Stock'])
    expect(engine.reads.privileges(ana.id)).toEqual({ session: ana.id, privileges: ['Books', 'Sales', 'Stock'], set: ['Books', 'Sales', 'Stock'] })
    expect(engine.logger.entries.flatMap(({ fields }) => fields['names'] ?? [])).toEqual(['Unknown, __proto__', 'Ghost, nobody'])
    const cleared = await engine.operator.dispatch('privileges.clear', { sessionId: ana.id })
    expect(cleared.privileges).toEqual([])
    expect(engine.heard('privileges.changed').map(({ privileges }) => privileges.length)).toEqual([2, 3, 0])
    await expect(
      engine.operator.setPrivileges(
        ana,
        Array.from({ length: 1001 }, () => 'a'),
      ),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  test('A10 inclusions are held with what includes them, and go with it', async () => {
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    expect(await engine.operator.setPrivileges(ana, ['stock'])).toEqual(['Sales', 'Stock'])
    expect(ana.row).toMatchObject({ privileges: ['Sales', 'Stock'], privilegesSet: ['Stock'] })
  })

  test('A12 code changes the privileges of its own session, for every call that begins later', async () => {
    const engine = await startTestEngine({ project })
    const [ana, bob] = [await engine.connect(), await engine.connect()]
    const second = await ana.process('second')
    await second.call('held')
    expect(await ana.call('set', 'Books')).toEqual(['Books'])
    expect([await ana.call('held'), await second.call('held'), await bob.call('held')]).toEqual([['Books'], ['Books'], []])
    expect(await second.call('clear')).toEqual([])
    expect(await ana.call('held')).toEqual([])
    const code = { kind: 'code', sessionId: ana.id, processId: ana.welcome.mainProcess.id } as const
    const others = engine.engine.dispatch('privileges.set', { sessionId: bob.id, names: ['books'], roles: [] }, code)
    await expect(others).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
  })

  test('A12 a privilege that an operator takes away is gone for every call that begins later', async () => {
    const engine = await startTestEngine({ project })
    const ana = await engine.connect()
    await ana.call('set', 'Books')
    await engine.operator.dispatch('privileges.clear', { sessionId: ana.id })
    expect(await ana.call('held')).toEqual([])
  })

  test('A11 the stored procedures’ session follows the roles in force, in isolates that know it already too', async () => {
    const more = JSON.stringify({ privileges: [{ privilege: 'Books' }, { privilege: 'New' }], roles: [], permissions: { allowed: [] } })
    const engine = await startTestEngine({ project })
    const run = async (method: string, ...args: string[]): Promise<unknown> => {
      const { processId } = await engine.operator.startProcedure(method, args)
      return JSON.parse(await engine.operator.dispatch('procedure.result', { processId }))
    }
    await engine.connect()
    expect(await run('set', 'books')).toEqual(['Books'])
    await engine.publish({ ...project, roles: more })
    expect(await run('set', 'new')).toEqual(['Books', 'New'])
    await engine.publish(project)
    expect(await run('held')).toEqual(['Books'])
  })
})
