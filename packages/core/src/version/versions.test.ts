import { TesseraError } from '@tessera/protocol'
import { describe, expect, test } from 'vitest'
import type { Digest } from '../ids.ts'
import { MemoryCatalogStore } from '../memory/memory-catalog-store.ts'
import { MemoryVersionLog } from '../memory/memory-version-log.ts'
import { createGate, problemAt, startTestEngine, TestEngine, type TestProject } from '../testing/index.ts'

const named = (name: string, rest: TestProject = {}): TestProject => ({ ...rest, methods: { which: () => name, ...rest.methods } })

const states = async (engine: TestEngine): Promise<string[]> => (await engine.reads.versions()).versions.map(({ id, state }) => `${id} ${state}`)

/** Fails on demand. */
class FailingVersionLog extends MemoryVersionLog {
  failing: 'append' | 'setStates' | null = null

  override async append(...args: Parameters<MemoryVersionLog['append']>): Promise<void> {
    if (this.failing === 'append') throw new TesseraError('DATABASE_ERROR', 'The disk is full.')
    return super.append(...args)
  }

  override async setStates(...args: Parameters<MemoryVersionLog['setStates']>): Promise<void> {
    if (this.failing === 'setStates') throw new TesseraError('DATABASE_ERROR', 'The disk is full.')
    return super.setStates(...args)
  }
}

const structure = (table: string) => ({
  tables: [{ name: table, number: 1, fields: [{ name: 'id', number: 1, type: 'uuid' as const }], primaryKey: ['id'] }],
  relations: [],
  indexes: [],
})

describe('versions', () => {
  test('V3 publishing the current package again changes nothing', async () => {
    const project = named('one')
    const engine = await startTestEngine({ project })
    await engine.settle()
    const before = engine.events.length
    const { changed, version } = await engine.publish(project)
    expect({ changed, id: version.id }).toEqual({ changed: false, id: '20260105.1' })
    expect(engine.events.slice(before).map(({ name }) => name)).toEqual(['act.recorded'])
    expect(await states(engine)).toEqual(['20260105.1 current'])
  })

  test('V4 versions run side by side: a method that is gone from the new one still answers in the old', async () => {
    const engine = await startTestEngine({ project: named('old', { methods: { gone: () => 'still here' } }) })
    const ana = await engine.connect('ana')
    await engine.publish(named('new'))
    const bob = await engine.connect('bob')
    expect(await ana.call('gone')).toBe('still here')
    await expect(bob.call('gone')).rejects.toMatchObject({ code: 'METHOD_NOT_FOUND' })
    expect([await ana.call('which'), await bob.call('which')]).toEqual(['old', 'new'])
    expect((await engine.reads.versions()).versions.map(({ sessions, isolates, methods }) => [sessions, isolates, methods])).toEqual([
      [1, 1, 1],
      [1, 1, 2],
    ])
  })

  test('V5 a version that is no longer current drains, and retires when its last pin leaves', async () => {
    const engine = await startTestEngine({ project: named('one') })
    const [ana, bob] = [await engine.connect('ana'), await engine.connect('bob')]
    const { processId } = await engine.operator.startProcedure('which')
    await engine.operator.dispatch('procedure.result', { processId })
    await engine.publish(named('two'))
    expect(await states(engine)).toEqual(['20260105.2 current', '20260105.1 draining'])
    await ana.close()
    expect(await states(engine)).toEqual(['20260105.2 current', '20260105.1 draining'])
    await bob.close()
    expect(await states(engine)).toEqual(['20260105.2 current', '20260105.1 retired'])
    expect(engine.host.isolates().map(({ digest }) => digest)).toEqual([(await engine.reads.server()).version?.digest])
    expect((await engine.ports.versionLog.all()).map(({ state }) => state)).toEqual(['retired', 'current'])
    expect(engine.heard('isolate.ended')).toHaveLength(1)
  })

  test('V5 nobody on it, an old version retires at once', async () => {
    const engine = await startTestEngine({ project: named('one') })
    for (const name of ['two', 'three', 'four']) await engine.publish(named(name))
    expect(await states(engine)).toEqual(['20260105.4 current', '20260105.3 retired', '20260105.2 retired', '20260105.1 retired'])
    expect(engine.host.isolates()).toHaveLength(1)
  })

  test('V8 a rejected build leaves the current version alone and nothing behind, and is shown until one succeeds', async () => {
    const engine = await startTestEngine({ project: named('one') })
    const ana = await engine.connect('ana')
    const problems = [problemAt('methods/bad.ts', 3, 'no such name')]
    await expect(engine.publish(named('two', { broken: problems }))).rejects.toMatchObject({ code: 'VERSION_REJECTED', problems })
    expect((await engine.reads.server()).rejectedBuild).toEqual({ at: '2026-01-05T08:00:00.000Z', by: 'Designer (console)', problems })
    expect(engine.heard('version.rejected')).toHaveLength(1)
    await expect(engine.publish(named('three', { roles: '{"privileges": 1}' }))).rejects.toMatchObject({ code: 'ROLES_INVALID' })
    expect((await engine.reads.server()).rejectedBuild?.problems?.[0]).toMatchObject({ file: 'roles.json', line: 1 })
    expect([await ana.call('which'), await states(engine), engine.host.isolates().length]).toEqual(['one', ['20260105.1 current'], 1])
    await engine.publish(named('four'))
    expect((await engine.reads.server()).rejectedBuild).toBeNull()
    expect(engine.heard('version.mended')).toEqual([{ name: 'version.mended', by: 'Designer (console)' }])
    expect(await states(engine)).toEqual(['20260105.2 current', '20260105.1 draining'])
  })

  test('V9 publishing a package that is still alive makes it current again, under its id', async () => {
    const one = named('one')
    const engine = await startTestEngine({ project: one })
    const ana = await engine.connect('ana')
    await engine.publish(named('two'))
    const { changed, version } = await engine.publish(one)
    expect({ changed, id: version.id }).toEqual({ changed: true, id: ana.welcome.version.id })
    expect(await states(engine)).toEqual(['20260105.2 retired', '20260105.1 current'])
    expect(ana.row.version.outdated).toBe(false)
    expect(engine.host.faults).toEqual([])
  })

  test('V9 a package that retired comes back as a new version', async () => {
    const one = named('one')
    const engine = await startTestEngine({ project: one })
    await engine.publish(named('two'))
    const { version } = await engine.publish(one)
    expect(version.id).toBe('20260105.3')
    expect(engine.host.faults).toEqual([])
  })

  test('V9 the last session leaves while its version becomes current again: it stays alive', async () => {
    const gate = createGate()
    class SlowCatalog extends MemoryCatalogStore {
      override async read() {
        await gate.passed
        return super.read()
      }
    }
    const one = named('one', { catalog: structure('One') })
    const engine = new TestEngine({ project: named('zero'), ports: { catalog: new SlowCatalog() } })
    gate.open()
    await engine.start()
    await engine.publish(one)
    const ana = await engine.connect('ana')
    await engine.publish(named('two'))
    const publishing = engine.publish(one)
    await ana.close()
    await publishing
    const bob = await engine.connect('bob')
    expect(await bob.call('which')).toBe('one')
    expect(engine.host.faults).toEqual([])
  })

  test('V9 a version is not opened again before its old isolates are gone', async () => {
    const engine = await startTestEngine({ project: named('zero') })
    const gate = createGate()
    const order: string[] = []
    const close = engine.host.closeVersion.bind(engine.host)
    const open = engine.host.openVersion.bind(engine.host)
    engine.host.closeVersion = async (digest: Digest) => {
      await gate.passed
      order.push('closed')
      return close(digest)
    }
    engine.host.openVersion = async (code) => {
      order.push('opened')
      return open(code)
    }
    const one = named('one')
    await engine.publish(one)
    await engine.publish(named('two'))
    const again = engine.publish(one)
    await engine.settle()
    gate.open()
    await again
    expect(order.slice(0, 2)).toEqual(['opened', 'opened'])
    expect(order.indexOf('closed')).toBeLessThan(order.lastIndexOf('opened'))
    expect(engine.host.faults).toEqual([])
  })

  test.each(['append', 'setStates'] as const)('V10 a publish that fails at %s leaves versions and structure as they were', async (failing) => {
    const log = new FailingVersionLog()
    const engine = await startTestEngine({ project: named('one', { catalog: structure('One') }), ports: { versionLog: log } })
    const ana = await engine.connect('ana')
    const before = await engine.reads.catalog()
    log.failing = failing
    await expect(engine.publish(named('two', { catalog: structure('Two') }))).rejects.toMatchObject({ code: 'DATABASE_ERROR' })
    log.failing = null
    expect((await engine.reads.catalog()).tables).toEqual(before.tables)
    expect((await engine.reads.server()).version).toEqual(ana.welcome.version)
    expect(engine.host.isolates()).toHaveLength(1)
    expect(await ana.call('which')).toBe('one')
    expect(engine.heard('version.published')).toHaveLength(1)
    await engine.publish(named('three', { catalog: structure('Three') }))
    expect((await engine.reads.catalog()).tables[0]?.name).toBe('Three')
  })

  test('V10 a structure that cannot be put back is logged, and the publish still tells why it failed', async () => {
    const log = new FailingVersionLog()
    const catalog = new MemoryCatalogStore()
    const engine = await startTestEngine({ project: named('one', { catalog: structure('One') }), ports: { versionLog: log, catalog } })
    log.failing = 'setStates'
    const replace = catalog.replace.bind(catalog)
    catalog.replace = async (expected, next) => (next.tables[0]?.name === 'One' ? null : replace(expected, next))
    await expect(engine.publish(named('two', { catalog: structure('Two') }))).rejects.toMatchObject({ code: 'DATABASE_ERROR' })
    expect(engine.logger.entries).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'A publish failed, and the structure could not be put back' }),
    )
  })

  test('V10 a structure that is refused leaves everything as it was', async () => {
    const engine = await startTestEngine({ project: named('one', { catalog: structure('One') }) })
    const broken = { ...structure('Two'), indexes: [{ name: 'i', table: 'Nowhere', fields: ['x'], unique: false }] }
    await expect(engine.publish(named('two', { catalog: broken }))).rejects.toMatchObject({ code: 'CATALOG_INVALID' })
    expect(await engine.reads.catalog()).toMatchObject({ revision: 1, tables: [{ name: 'One' }] })
    expect(engine.host.isolates()).toHaveLength(1)
  })

  test('V12 one build at a time: all who ask while one runs share the next', async () => {
    const gate = createGate()
    let builds = 0
    const engine = await startTestEngine({ project: named('one') })
    const { build } = engine.ports.source
    engine.ports.source.build = async () => {
      builds += 1
      await gate.passed
      return build.call(engine.ports.source)
    }
    const first = engine.publish(named('two'))
    await engine.settle()
    const others = [engine.publish(named('three')), engine.publish(named('four'))]
    await engine.settle()
    expect(builds).toBe(1)
    gate.open()
    await first
    const [three, four] = await Promise.all(others)
    expect(builds).toBe(2)
    expect(three).toEqual(four)
    await engine.publish(named('five'))
    expect(builds).toBe(3)
  })

  test('V13 after a restart the current version keeps its id where the package is the same; the others are retired', async () => {
    const versionLog = new MemoryVersionLog()
    const one = named('one')
    const before = await startTestEngine({ project: one, ports: { versionLog } })
    await before.connect('ana')
    await before.publish(named('two'))
    await before.publish(one)
    await before.connect('bob')
    const packing = before.packer
    const after = new TestEngine({
      project: one,
      ports: { versionLog, source: { roles: async () => null, build: async () => ({ package: packing.pack(one), warnings: [] }) } },
    })
    await after.start()
    expect(await states(after)).toEqual(['20260105.2 retired', '20260105.1 current'])
    expect((await versionLog.all()).map(({ id, state }) => `${id} ${state}`)).toEqual(['20260105.1 current', '20260105.2 retired'])
  })

  test('V13 after a restart with another package the next id follows', async () => {
    const versionLog = new MemoryVersionLog()
    const before = await startTestEngine({ project: named('one'), ports: { versionLog } })
    await before.connect('ana')
    await before.publish(named('two'))
    const third = named('three')
    const after = new TestEngine({ project: third, ports: { versionLog } })
    for (const project of [named('a'), named('b'), third]) after.packer.digestOf(project)
    await after.start()
    expect(await states(after)).toEqual(['20260105.3 current', '20260105.2 retired', '20260105.1 retired'])
  })

  test('C3 a catalog.json that says something new becomes the next revision before anybody gets the version', async () => {
    const engine = await startTestEngine({ project: named('one', { catalog: structure('One') }) })
    expect(await engine.reads.catalog()).toMatchObject({ revision: 1, tables: [{ name: 'One' }] })
    await engine.publish(named('same', { catalog: structure('One') }))
    expect((await engine.reads.catalog()).revision).toBe(1)
    await engine.publish(named('without'))
    expect((await engine.reads.catalog()).revision).toBe(1)
    await engine.publish(named('two', { catalog: structure('Two') }))
    expect(await engine.reads.catalog()).toMatchObject({ revision: 2, tables: [{ name: 'Two' }] })
    const told = engine.events.map(({ name }) => name)
    expect(told.lastIndexOf('catalog.changed')).toBeLessThan(told.lastIndexOf('version.published'))
  })
})
