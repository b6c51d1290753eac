import type { SessionChip } from '@tessera/protocol'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestEngine, type TestClient, type TestEngine } from '../testing/index.ts'

let engine: TestEngine
let people: Record<string, TestClient>

beforeAll(async () => {
  const roles = JSON.stringify({ privileges: [{ privilege: 'Sales' }], roles: [], permissions: { allowed: [] } })
  engine = await startTestEngine({ project: { roles } })
  const ana = await engine.connect(null, { machineName: 'Kiosk-1', address: '10.0.0.1' })
  const bob = await engine.connect(null, { machineName: 'office', address: '10.0.0.2' })
  await engine.operator.setPrivileges(bob, ['sales'])
  await engine.publish({ roles })
  const eve = await engine.connect(null, { machineName: 'laptop', address: 'fe80::1' })
  await eve.lose()
  people = { ana, bob, eve }
})

const found = (text: string, chips: SessionChip[] = []): string[] => {
  const { rows } = engine.reads.sessionsWindow({ query: { text, chips }, sort: { column: 'machineName', direction: 'ascending' }, offset: 0, limit: 100 })
  return rows.map(({ id, kind }) => (kind === 'remote' ? (Object.entries(people).find(([, client]) => client.id === id)?.[0] ?? '?') : kind))
}

describe('session query', () => {
  test('S17 words look at user, machine, address and id, and `;` means OR', () => {
    expect(found('kiosk')).toEqual(['ana'])
    expect(found(' kiosk ; OFFICE ')).toEqual(['ana', 'bob'])
    expect(found('10.0.0.')).toEqual(['ana', 'bob'])
    expect(found(people['eve']?.id.toLowerCase() ?? '')).toEqual(['eve'])
    expect(found('fe80::1')).toEqual(['eve'])
    expect(found('nobody')).toEqual([])
    expect(found('')).toEqual(['ana', 'eve', 'bob', 'storedProcedures'])
    expect(found('designer;')).toHaveLength(4)
  })

  test('S17 terms narrow, together and with words', () => {
    expect(found('user:designer machine:off')).toEqual(['bob'])
    expect(found('ip:10.0 kiosk')).toEqual(['ana'])
    expect(found('machine:"kiosk-1"')).toEqual(['ana'])
    expect(found('state:unreachable')).toEqual(['eve'])
    expect(found('privilege:sales')).toEqual(['bob'])
    expect(found(`version:${people['ana']?.welcome.version.id}`)).toEqual(['ana', 'bob'])
    expect(found('kind:stored')).toEqual(['storedProcedures'])
    expect(found('is:counted is:outdated')).toEqual(['ana', 'bob'])
    expect(found('is:nothing')).toEqual([])
    expect(found('machine:kiosk machine:office')).toEqual([])
  })

  test('S17 chips of one family mean OR, families mean AND', () => {
    expect(found('', ['remote', 'storedProcedures'])).toHaveLength(4)
    expect(found('', ['counted'])).toEqual(['ana', 'eve', 'bob'])
    expect(found('', ['remote', 'outdated'])).toEqual(['ana', 'bob'])
    expect(found('', ['unreachable'])).toEqual(['eve'])
    expect(found('', ['unreachable', 'outdated'])).toEqual([])
    expect(found('', ['web'])).toEqual([])
  })

  test('S17 no text breaks it', () => {
    for (const text of ['constructor:x', '__proto__:x', 'toString:x', 'user:', ':x', '"', 'user:"', ';;;', 'a:b:c']) expect(() => found(text)).not.toThrow()
    const odd = fc.string({ maxLength: 60 }).map((text) => text.replaceAll('a', 'user:').replaceAll('b', ';').replaceAll('c', '"'))
    fc.assert(
      fc.property(odd, (text) => {
        found(text)
      }),
    )
  })

  test('S17 each column sorts both ways, and equal rows keep one order', () => {
    for (const column of ['userName', 'machineName', 'address', 'kind', 'state', 'version', 'createdAt', 'lastActivityAt', 'calls'] as const) {
      const order = (direction: 'ascending' | 'descending'): string[] =>
        engine.reads.sessionsWindow({ query: { text: '', chips: [] }, sort: { column, direction }, offset: 0, limit: 100 }).order
      expect(order('ascending')).toHaveLength(4)
      expect(new Set(order('descending'))).toEqual(new Set(order('ascending')))
      expect(order('ascending')).toEqual(order('ascending'))
    }
  })
})
