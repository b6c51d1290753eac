import { beforeAll, describe, expect, test } from 'vitest'
import { startTestEngine, type TestClient, type TestEngine } from '../testing/index.ts'

const roles = `{
  "privileges": [{ "privilege": "sell", "includes": ["look"] }, { "privilege": "look" }, { "privilege": "manage", "includes": ["sell"] }, { "privilege": "count" }],
  "roles": [{ "role": "The Clerk", "privileges": ["sell"] }],
  "permissions": { "allowed": [
    { "applyTo": "ds", "type": "datastore", "drop": ["none"] },
    { "applyTo": "Orders", "type": "dataclass", "read": ["look"], "update": ["manage", "count"] },
    { "applyTo": "Orders.total", "type": "attribute", "read": ["count"] },
    { "applyTo": "ds.start", "type": "method", "execute": ["guest"] },
    { "applyTo": "Orders", "type": "dataclass", "create": ["sell"] }
  ] },
  "restrictedByDefault": true,
  "forceLogin": true
}`

let engine: TestEngine
let ana: TestClient
beforeAll(async () => {
  engine = await startTestEngine({ project: { roles } })
  ana = await engine.connect('ana')
  await engine.operator.setPrivileges(ana, [], ['the clerk'])
})

const ask = (action: string, resource: string, type: string | null = null) => engine.reads.explain(ana.id, { action, resource, type })
const told = (action: string, resource: string, type: string | null = null): string[] => ask(action, resource, type).sentences

describe('explaining', () => {
  test('A33 what may be done is explained by what is held, and through which inclusion', () => {
    expect(told('read', 'Orders')).toEqual([
      'Desktop sessions are never restricted; for the web side of this session:',
      `Session ${ana.id.slice(0, 6)} may read the dataclass Orders.`,
      'By roles.json, lines 6 and 9, to read the dataclass Orders takes "look"; the session holds "look" through "sell".',
    ])
    expect(ask('read', 'orders')).toMatchObject({
      session: ana.id,
      action: 'read',
      resource: { type: 'dataclass', name: 'orders' },
      desktop: { allowed: true },
      web: {
        allowed: true,
        decidedBy: 'permission',
        permission: { applyTo: 'Orders', type: 'dataclass', lines: [6, 9], lists: { read: ['look'], update: ['manage', 'count'], create: ['sell'] } },
        wouldDo: ['look'],
        held: [{ privilege: 'look', through: ['sell'], byAll: false }],
      },
    })
    expect(told('create', 'Orders').at(-1)).toBe('By roles.json, lines 6 and 9, to create the dataclass Orders takes "sell"; the session holds "sell".')
    expect(told('execute', 'ds.start').at(-1)).toBe(
      'By roles.json, line 8, to execute the method ds.start takes "guest"; the session holds "guest", as everybody does.',
    )
  })

  test('A33 what may not be done is explained by what is missing, in each of its demands', () => {
    expect(told('update', 'Orders.total').slice(1)).toEqual([
      `Session ${ana.id.slice(0, 6)} may not update the attribute Orders.total.`,
      'By roles.json, lines 6 and 9, to update the dataclass Orders takes "manage" or "count"; the session holds none of these.',
      'To update, one must be allowed to read as well. By roles.json, lines 6 and 9, to read the dataclass Orders takes "look"; the session holds "look" through "sell".',
      'To update, one must be allowed to read as well. By roles.json, line 7, to read the attribute Orders.total takes "count"; the session holds none of these.',
    ])
    expect(told('drop', 'Lines')[2]).toBe('By roles.json, line 5, nobody may drop the datastore: none of the privileges named there can be held.')
    expect(told('execute', 'Orders.close').at(-1)).toBe(
      'No entry of roles.json says what it takes to execute it, and what it does not name is closed (restrictedByDefault is true).',
    )
    expect(told('execute', 'ds.authentify').slice(1)).toEqual([
      `Session ${ana.id.slice(0, 6)} may execute the method ds.authentify.`,
      'Whoever must sign in may always call authentify (forceLogin is true).',
    ])
  })

  test('A33 the type of a resource is the given one, that of roles.json, or what such a name means', () => {
    const typeOf = (action: string, resource: string, type: string | null = null) => ask(action, resource, type).resource.type
    expect([typeOf('read', 'ds'), typeOf('read', 'Lines'), typeOf('read', 'Lines.x'), typeOf('execute', 'Lines.x'), typeOf('execute', 'confirm')]).toEqual([
      'datastore',
      'dataclass',
      'attribute',
      'method',
      'method',
    ])
    expect([typeOf('execute', 'Orders'), typeOf('execute', 'orders.TOTAL'), typeOf('execute', 'Orders.total', 'singletonMethod')]).toEqual([
      'dataclass',
      'attribute',
      'singletonMethod',
    ])
    expect(() => ask('promote', 'ds')).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
    expect(() => ask('read', 'ds', 'table')).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }))
    expect(() => engine.reads.explain('F'.repeat(32), { action: 'read', resource: 'ds', type: null })).toThrow(
      expect.objectContaining({ code: 'SESSION_NOT_FOUND' }),
    )
  })

  test('A33 stored procedures are no desktop session, and as free', () => {
    const { sentences } = engine.reads.explain(engine.reads.proceduresSession(), { action: 'create', resource: 'Orders', type: null })
    expect(sentences[0]).toBe('Stored procedures are never restricted; for the web side of this session:')
    expect(sentences[1]).toMatch(/may not create the dataclass Orders\.$/)
  })

  test('A33 an open resource is said to be open', async () => {
    const open = await startTestEngine({ project: {} })
    const bob = await open.connect()
    expect(open.reads.explain(bob.id, { action: 'drop', resource: 'Orders', type: null }).sentences.slice(1)).toEqual([
      `Session ${bob.id.slice(0, 6)} may drop the dataclass Orders.`,
      'No entry of roles.json says what it takes to drop it, and what it does not name is open (restrictedByDefault is false).',
      'To drop, one must be allowed to read as well. No entry of roles.json says what it takes to read it, and what it does not name is open (restrictedByDefault is false).',
    ])
  })

  test('A33 what is in force is shown whole, inclusions expanded', () => {
    expect(engine.reads.roles()).toEqual({
      since: '2026-01-05T08:00:00.000Z',
      by: 'server',
      from: { kind: 'version', id: '20260105.1' },
      restrictedByDefault: true,
      forceLogin: true,
      privileges: [
        { privilege: 'sell', includes: ['look'], expanded: ['look', 'sell'], cut: false },
        { privilege: 'look', includes: [], expanded: ['look'], cut: false },
        { privilege: 'manage', includes: ['sell'], expanded: ['look', 'manage', 'sell'], cut: false },
        { privilege: 'count', includes: [], expanded: ['count'], cut: false },
      ],
      roles: [{ role: 'The Clerk', privileges: ['sell'], expanded: ['look', 'sell'], cut: false }],
      permissions: expect.arrayContaining([{ applyTo: 'Orders.total', type: 'attribute', lists: { read: ['count'] }, lines: [7] }]),
      warnings: [],
      problem: null,
    })
  })

  test('A33 of a privilege that includes very many the nearest are shown', async () => {
    const names = Array.from({ length: 200 }, (_, at) => `p${at}`)
    const many = { privileges: names.map((privilege, at) => ({ privilege, includes: names.slice(at + 1, at + 2) })), permissions: { allowed: [] } }
    const chained = await startTestEngine({ project: { roles: JSON.stringify(many) } })
    const [first] = chained.reads.roles().privileges
    expect(first).toMatchObject({ cut: true, expanded: expect.arrayContaining(['p0', 'p1', 'p49']) })
    expect(first?.expanded).toHaveLength(50)
  })
})
