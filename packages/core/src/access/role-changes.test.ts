import { TesseraError } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import type { ProjectSource } from '../ports/project-source.ts'
import { createGate, problemAt, rolesOf as readRoles, startTestEngine, TestEngine, type TestProject } from '../testing/index.ts'

const rolesOf = (...privileges: string[]): string =>
  JSON.stringify({ privileges: privileges.map((privilege) => ({ privilege })), roles: [], permissions: { allowed: [] } })

const held: TestProject['methods'] = {
  held: (scope) => [...scope.session.facts().privileges],
}
const project = (...privileges: string[]): TestProject => ({ roles: rolesOf(...privileges), methods: held })
const broken = '{\n  "privileges": [],\n}'

const reload = (engine: TestEngine) => engine.operator.dispatch('roles.reload', {})
const heard = (engine: TestEngine): string[] =>
  engine.events.map(({ name }) => name).filter((name) => name.startsWith('roles.') || name === 'privileges.changed')

describe('roles in force', () => {
  test('A34 a reload of roles.json alone is followed at once by every session, whatever version it runs, and told to its code', async () => {
    const engine = await startTestEngine({ project: project('Sales', 'Stock', 'Books') })
    const [ana, bob, eve] = [await engine.connect('ana'), await engine.connect('bob'), await engine.connect('eve')]
    await engine.operator.setPrivileges(ana, ['Sales', 'Stock'])
    await engine.operator.setPrivileges(bob, ['Books'])
    await engine.publish(project('Sales', 'Stock', 'Books'))
    const zoe = await engine.connect('zoe')
    await engine.operator.setPrivileges(zoe, ['stock'])
    for (const client of [ana, bob, eve, zoe]) await client.call('held')
    engine.events.length = 0
    const atOnce: (readonly string[])[] = []
    engine.ports.bus.on('roles.changed', () => atOnce.push(ana.row.privileges))
    engine.edit(project('Stock', 'Books'))
    expect(await reload(engine)).toEqual({ changed: true, warnings: [] })
    expect(atOnce).toEqual([['Stock']])
    expect(engine.heard('roles.changed')).toEqual([{ name: 'roles.changed', by: 'Designer (console)' }])
    expect(engine.heard('privileges.changed')).toEqual([{ name: 'privileges.changed', sessionId: ana.id, privileges: ['Stock'] }])
    expect([await ana.call('held'), await bob.call('held'), await eve.call('held'), await zoe.call('held')]).toEqual([['Stock'], ['Books'], [], ['Stock']])
    expect(ana.row.privilegesSet).toEqual(['Stock', 'sales'])
    expect(engine.reads.roles()).toMatchObject({ from: { kind: 'file' }, by: 'Designer (console)', problem: null })
    expect((await engine.reads.versions()).versions).toHaveLength(2)
    engine.edit(project('Sales', 'Stock'))
    await reload(engine)
    expect([await ana.call('held'), await bob.call('held')]).toEqual([['Sales', 'Stock'], []])
    expect(await reload(engine)).toEqual({ changed: false, warnings: [] })
    expect(engine.heard('roles.changed')).toHaveLength(2)
  })

  test('A34 a later publish of the same folder has the same roles, and changes nothing of them', async () => {
    const engine = await startTestEngine({ project: project('Sales') })
    const stock = project('Stock')
    engine.edit(stock)
    await reload(engine)
    engine.events.length = 0
    await engine.publish(stock)
    expect(heard(engine)).toEqual([])
    expect(engine.reads.roles()).toMatchObject({ from: { kind: 'version', id: '20260105.2' }, privileges: [{ privilege: 'Stock' }] })
  })

  test('A34 only admins put roles into force, and it is on the record', async () => {
    const engine = await startTestEngine({ project: project('Sales') })
    await expect(engine.as('Olga', 'operator').dispatch('roles.reload', {})).rejects.toMatchObject({ code: 'NOT_ALLOWED' })
    await reload(engine)
    engine.edit({ roles: broken })
    await expect(reload(engine)).rejects.toMatchObject({ code: 'ROLES_INVALID' })
    const record = await engine.reads.audit({ limit: 10, before: null })
    expect(record.map(({ act, ok, code }) => [act, ok, code])).toEqual([
      ['roles.reload', false, 'ROLES_INVALID'],
      ['roles.reload', true, null],
      ['roles.reload', false, 'NOT_ALLOWED'],
    ])
  })

  test('A35 a broken file is refused whole: the last good one stays, and the problem is shown until the file is mended', async () => {
    const good = project('Sales')
    const engine = await startTestEngine({ project: good })
    const ana = await engine.connect('ana')
    await engine.operator.setPrivileges(ana, ['Sales'])
    engine.events.length = 0
    engine.edit({ ...good, roles: broken })
    const problems = [expect.objectContaining({ file: 'roles.json', line: 2, column: 19, severity: 'error', code: 'roles-invalid' })]
    await expect(reload(engine)).rejects.toMatchObject({ code: 'ROLES_INVALID', problems })
    const problem = { at: '2026-01-05T08:00:00.000Z', by: 'Designer (console)', problems }
    expect((await engine.reads.server()).rolesProblem).toEqual(problem)
    expect(engine.reads.roles()).toMatchObject({ problem, privileges: [{ privilege: 'Sales' }] })
    expect(engine.heard('roles.rejected')).toEqual([{ name: 'roles.rejected', by: 'Designer (console)', problems }])
    expect(engine.logger.entries.filter(({ level }) => level === 'warn')).toMatchObject([{ level: 'warn', fields: { line: 2, column: 19 } }])
    expect(await ana.call('held')).toEqual(['Sales'])
    engine.edit(good)
    expect(await reload(engine)).toEqual({ changed: false, warnings: [] })
    expect((await engine.reads.server()).rolesProblem).toBeNull()
    expect(heard(engine)).toEqual(['roles.rejected', 'roles.mended'])
  })

  test('A35 a file that is gone is refused: what it said stays until a version without it is published', async () => {
    const engine = await startTestEngine({ project: project('Sales') })
    engine.edit({ methods: held })
    await expect(reload(engine)).rejects.toMatchObject({ code: 'ROLES_INVALID', problems: [{ file: 'roles.json', message: expect.stringContaining('gone') }] })
    expect(engine.reads.roles().privileges).toHaveLength(1)
    await engine.publish({ methods: held })
    expect(engine.reads.roles()).toMatchObject({ privileges: [], problem: null, from: { kind: 'version' } })
    expect(await reload(engine)).toEqual({ changed: false, warnings: [] })
  })

  test('A35 what is wrong with the folder, not with the file, is told as it is', async () => {
    let failure: Error | null = null
    const good = project('Sales')
    const engine: TestEngine = new TestEngine({
      project: good,
      ports: {
        source: {
          build: async () => ({ package: engine.packer.pack(good), warnings: [] }),
          roles: async () => {
            if (failure !== null) throw failure
            return readRoles(good)
          },
        },
      },
    })
    await engine.start()
    failure = new TesseraError('PROJECT_NOT_FOUND', 'There is no project.')
    await expect(reload(engine)).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
    expect(engine.reads.roles().problem?.problems).toMatchObject([{ message: 'There is no project.' }])
    failure = new Error('a disk of secrets')
    await expect(reload(engine)).rejects.toThrow('a disk of secrets')
    expect(JSON.stringify(engine.reads.roles().problem)).not.toContain('secrets')
    expect(engine.reads.roles().privileges).toHaveLength(1)
  })

  test('A37 code that cannot be built or loaded holds no revocation back', async () => {
    const engine = await startTestEngine({ project: project('Sales', 'Stock') })
    const ana = await engine.connect('ana')
    await engine.operator.setPrivileges(ana, ['Sales', 'Stock'])
    await expect(engine.publish({ ...project('Stock'), broken: [problemAt('methods/a.ts', 1, 'no')] })).rejects.toMatchObject({ code: 'VERSION_REJECTED' })
    expect(await ana.call('held')).toEqual(['Stock'])
    expect(ana.row.version.outdated).toBe(false)
    await expect(engine.publish({ ...project('Stock'), roles: broken })).rejects.toMatchObject({ code: 'ROLES_INVALID' })
    expect(await engine.reads.server()).toMatchObject({ rejectedBuild: { problems: [{ line: 2 }] }, rolesProblem: { problems: [{ line: 2 }] } })
    expect(await ana.call('held')).toEqual(['Stock'])
  })

  test('A37 the roles of a version are in force from the moment in which it is current', async () => {
    const engine = await startTestEngine({ project: project('Sales') })
    const seen: string[][] = []
    engine.ports.bus.on('version.published', () => seen.push(engine.reads.roles().privileges.map(({ privilege }) => privilege)))
    const stock = project('Stock')
    engine.ports.source.roles = async () => null
    await engine.publish(stock)
    expect(seen).toEqual([['Stock']])
  })

  test('A36 a build that began before a privilege was revoked does not bring it back', async () => {
    const before = project('Sales', 'Stock')
    const after = project('Stock')
    const building = createGate()
    let folder = project('Sales')
    let gate: { passed: Promise<void> } | null = null
    const source = (engine: () => TestEngine): ProjectSource => ({
      build: async () => {
        const read = folder
        await gate?.passed
        return { package: engine().packer.pack(read), warnings: [] }
      },
      roles: async () => readRoles(folder),
    })
    const engine: TestEngine = new TestEngine({ ports: { source: source(() => engine) } })
    await engine.start()
    const ana = await engine.connect('ana')
    gate = building
    folder = before
    const publishing = engine.operator.dispatch('version.reload', {})
    await engine.settle()
    await engine.operator.setPrivileges(ana, ['Sales', 'Stock'])
    folder = after
    expect(await reload(engine)).toMatchObject({ changed: true })
    expect(ana.row.privileges).toEqual(['Stock'])
    building.open()
    expect(await publishing).toMatchObject({ changed: true })
    expect([ana.row.privileges, engine.reads.roles().from]).toEqual([['Stock'], { kind: 'file' }])
    gate = null
    await engine.operator.dispatch('version.reload', {})
    expect([ana.row.privileges, engine.reads.roles().from]).toEqual([['Stock'], { kind: 'version', id: '20260105.3' }])
  })

  test('A36 of two readings the later one wins, though it ends first, and a refused one hides no good one', async () => {
    const answers: ((text: string) => void)[] = []
    const first = project('Sales')
    let slow = false
    const engine: TestEngine = new TestEngine({
      project: first,
      ports: {
        source: {
          build: async () => ({ package: engine.packer.pack(first), warnings: [] }),
          roles: async () => readRoles({ roles: slow ? await new Promise<string>((resolve) => answers.push(resolve)) : rolesOf('Sales') }),
        },
      },
    })
    await engine.start()
    slow = true
    const [older, newer] = [reload(engine), reload(engine)]
    answers[1]?.(rolesOf('New'))
    expect(await newer).toMatchObject({ changed: true })
    answers[0]?.(rolesOf('Old'))
    expect(await older).toMatchObject({ changed: false })
    expect(engine.reads.roles().privileges).toMatchObject([{ privilege: 'New' }])
    const [good, bad] = [reload(engine), reload(engine)]
    answers[3]?.(broken)
    await expect(bad).rejects.toMatchObject({ code: 'ROLES_INVALID' })
    answers[2]?.(rolesOf('Good'))
    expect(await good).toMatchObject({ changed: true })
    expect(engine.reads.roles()).toMatchObject({ privileges: [{ privilege: 'Good' }], problem: { problems: [{ line: 2 }] } })
    const [late, last] = [reload(engine), reload(engine)]
    answers[5]?.(rolesOf('Last'))
    await last
    answers[4]?.(broken)
    await expect(late).rejects.toMatchObject({ code: 'ROLES_INVALID' })
    expect(engine.reads.roles()).toMatchObject({ privileges: [{ privilege: 'Last' }], problem: null })
  })

  test('A29 none is never held though it is declared and set, and guest need not be', async () => {
    const text = JSON.stringify({
      privileges: [{ privilege: 'none' }, { privilege: 'all', includes: ['none', 'guest'] }],
      roles: [{ role: 'Admin', privileges: ['guest', 'none', 'all'] }],
      permissions: { allowed: [] },
    })
    const engine = await startTestEngine({ project: { roles: text } })
    const ana = await engine.connect()
    expect(await engine.operator.setPrivileges(ana, ['NONE', 'Guest'])).toEqual([])
    expect(await engine.operator.setPrivileges(ana, [], ['admin'])).toEqual(['all', 'guest'])
    expect(engine.logger.entries.flatMap(({ fields }) => fields['names'] ?? [])).toEqual(['NONE', 'none'])
  })
})
