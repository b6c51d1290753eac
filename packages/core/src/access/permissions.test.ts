import { describe, expect, test } from 'vitest'
import { judge, staticPromotions } from './permissions.ts'
import { hold } from './roles/held.ts'
import { parseRoles } from './roles/parse-roles.ts'
import { type Action, keyOf, type ResourceType, type Roles } from './roles/roles.ts'

const rolesOf = (allowed: object[], rest: object = {}): Roles =>
  parseRoles(
    JSON.stringify({
      privileges: [
        { privilege: 'general' },
        { privilege: 'Detail' },
        { privilege: 'write', includes: ['general'] },
        { privilege: 'boss', includes: ['write'] },
      ],
      permissions: { allowed },
      ...rest,
    }),
  ).roles

/** `update Table.attribute`, with the type that such a name has here. */
const typeOf = (action: string, name: string): ResourceType => {
  if (name === 'ds') return 'datastore'
  if (name.startsWith('Cart')) return name.includes('.') ? 'singletonMethod' : 'singleton'
  if (action === 'execute') return name.includes('.') || /^[a-z]/.test(name) ? 'method' : 'dataclass'
  return name.includes('.') ? 'attribute' : 'dataclass'
}

const may = (roles: Roles, held: string, wanted: string): boolean => {
  const [action = '', name = ''] = wanted.split(' ')
  const names = held.split(',').filter((each) => each !== '')
  return judge(roles, hold(roles, names), { action: action as Action, resource: { type: typeOf(action, name), name } }).allowed
}

const ds = (lists: object) => ({ applyTo: 'ds', type: 'datastore', ...lists })
const table = (lists: object) => ({ applyTo: 'Orders', type: 'dataclass', ...lists })
const attribute = (lists: object) => ({ applyTo: 'Orders.total', type: 'attribute', ...lists })
const method = (name: string, lists: object) => ({ applyTo: name, type: 'method', ...lists })
const closed = { restrictedByDefault: true }

interface Row {
  rule: string
  allowed: object[]
  rest?: object
  /** What is held, and what may then be done. */
  may?: [held: string, wanted: string][]
  mayNot?: [held: string, wanted: string][]
}

const rows: Row[] = [
  {
    rule: 'PRV-01 a permission names privileges for an action on a resource',
    allowed: [table({ read: ['general'] })],
    may: [['general', 'read Orders']],
    mayNot: [['', 'read Orders']],
  },
  {
    rule: 'PRV-02 each action has a list of its own',
    allowed: [table({ create: ['general'], read: ['Detail'], update: ['write'], drop: ['boss'], execute: ['write'] })],
    may: [
      ['general', 'create Orders'],
      ['detail', 'read Orders'],
      ['write,detail', 'update Orders'],
      ['boss,detail', 'drop Orders'],
      ['write', 'execute Orders'],
    ],
    mayNot: [
      ['detail', 'create Orders'],
      ['general', 'read Orders'],
      ['general,detail', 'update Orders'],
      ['write,detail', 'drop Orders'],
      ['general', 'execute Orders'],
    ],
  },
  {
    rule: 'PRV-03, PRV-04 the types of resource and their names',
    allowed: [
      ds({ read: ['boss'], execute: ['boss'] }),
      table({ execute: ['Detail'] }),
      method('ds.report', { execute: ['general'] }),
      method('orders/confirm', { execute: ['general'] }),
      { applyTo: 'Cart', type: 'singleton', execute: ['Detail'] },
      { applyTo: 'Cart.clear', type: 'singletonMethod', execute: ['general'] },
    ],
    may: [
      ['general', 'execute ds.report'],
      ['general', 'execute orders/confirm'],
      ['detail', 'execute Orders.close'],
      ['detail', 'execute Cart'],
      ['detail', 'execute Cart.add'],
      ['general', 'execute Cart.clear'],
      ['boss', 'read ds'],
    ],
    mayNot: [
      ['detail', 'execute ds.report'],
      ['general', 'execute Orders.close'],
      ['detail', 'execute Cart.clear'],
      ['boss', 'execute Cart.add'],
      ['general', 'execute other'],
    ],
  },
  {
    rule: 'PRV-05 a dataclass replaces the datastore, for that action and that dataclass',
    allowed: [ds({ read: ['boss'], create: ['boss'] }), table({ read: ['Detail'] })],
    may: [
      ['detail', 'read Orders'],
      ['boss', 'read Lines'],
      ['boss', 'create Orders'],
      ['detail', 'read Orders.date'],
    ],
    mayNot: [
      ['boss', 'read Orders'],
      ['detail', 'read Lines'],
      ['detail', 'create Orders'],
    ],
  },
  {
    rule: 'PRV-05 an attribute adds to its dataclass: both must be held',
    allowed: [table({ read: ['general'] }), attribute({ read: ['Detail'] })],
    may: [
      ['general,detail', 'read Orders.total'],
      ['general', 'read Orders.date'],
      ['general', 'read Orders'],
    ],
    mayNot: [
      ['general', 'read Orders.total'],
      ['detail', 'read Orders.total'],
    ],
  },
  {
    rule: 'PRV-05 an attribute adds to what its dataclass has from the datastore',
    allowed: [ds({ read: ['general'] }), attribute({ read: ['Detail'] })],
    may: [['general,detail', 'read Orders.total']],
    mayNot: [
      ['detail', 'read Orders.total'],
      ['general', 'read Orders.total'],
    ],
  },
  {
    rule: 'PRV-06 execute on the datastore covers every function, singletons included',
    allowed: [ds({ execute: ['boss'] })],
    may: ['ds.report', 'Orders.close', 'Orders', 'Cart', 'Cart.add', 'confirm'].map((name) => ['boss', `execute ${name}`]),
    mayNot: ['ds.report', 'Orders.close', 'Orders', 'Cart', 'Cart.add', 'confirm'].map((name) => ['write', `execute ${name}`]),
  },
  {
    rule: 'PRV-07 update and drop take reading as well, create does not',
    allowed: [ds({ read: ['Detail'], create: ['general'], update: ['general'], drop: ['general'] }), attribute({ read: ['boss'] })],
    may: [
      ['general', 'create Orders'],
      ['general,detail', 'update Orders'],
      ['general,detail', 'drop Orders'],
      ['boss,detail', 'update Orders.total'],
      ['general', 'create Orders.total'],
    ],
    mayNot: [
      ['general', 'update Orders'],
      ['general', 'drop Orders'],
      ['detail', 'drop Orders'],
      ['general,detail', 'update Orders.total'],
    ],
  },
  {
    rule: 'PRV-08 an attribute that may not be read is told apart from its dataclass',
    allowed: [attribute({ read: ['Detail'] })],
    may: [
      ['', 'read Orders'],
      ['', 'read Orders.date'],
    ],
    mayNot: [['', 'read Orders.total']],
  },
  {
    rule: 'PRV-09 computed attributes and aliases are judged on themselves',
    allowed: [attribute({ read: ['boss'] }), { applyTo: 'Orders.totalText', type: 'attribute', read: ['general'] }],
    may: [['general', 'read Orders.totalText']],
    mayNot: [
      ['general', 'read Orders.total'],
      ['detail', 'read Orders.totalText'],
    ],
  },
  {
    rule: 'PRV-10 any of the named privileges does',
    allowed: [table({ read: ['general', 'Detail', 'ghost'] })],
    may: [
      ['general', 'read Orders'],
      ['detail', 'read Orders'],
    ],
    mayNot: [
      ['', 'read Orders'],
      ['ghost', 'read Orders'],
    ],
  },
  {
    rule: 'PRV-11 inclusions count, however deep',
    allowed: [table({ read: ['general'] })],
    may: [
      ['boss', 'read Orders'],
      ['write', 'read Orders'],
    ],
    mayNot: [['detail', 'read Orders']],
  },
  {
    rule: 'PRV-12 names have no case, and guest is there without being declared',
    allowed: [table({ read: ['DETAIL'] }), { applyTo: 'LINES', type: 'dataclass', read: ['Guest'] }, method('DS.Report', { execute: ['WEBADMIN', 'Boss'] })],
    may: [
      ['detail', 'read ORDERS'],
      ['', 'read lines'],
      ['BOSS', 'execute ds.REPORT'],
    ],
    mayNot: [
      ['webadmins', 'execute ds.report'],
      ['', 'execute ds.report'],
    ],
  },
  {
    rule: 'PRV-14 under forceLogin a guest may always call authentify',
    allowed: [ds({ execute: ['boss'] }), method('ds.authentify', { execute: ['none'] })],
    rest: { ...closed, forceLogin: true },
    may: [
      ['', 'execute ds.authentify'],
      ['', 'execute ds.Authentify'],
    ],
    mayNot: [
      ['', 'execute ds.report'],
      ['', 'execute Orders.authentify'],
      ['', 'read Orders'],
    ],
  },
  { rule: 'PRV-14 and only there', allowed: [ds({ execute: ['boss'] })], mayNot: [['', 'execute ds.authentify']] },
  {
    rule: 'PRV-15 what a function lends is not held by whoever may call it',
    allowed: [table({ read: ['Detail'] }), method('ds.report', { execute: ['guest'], promote: ['Detail'] })],
    may: [['', 'execute ds.report']],
    mayNot: [['', 'read Orders']],
  },
  {
    rule: 'PRV-16 what no permission names is open',
    allowed: [table({ read: ['boss'] })],
    may: [
      ['', 'read Lines'],
      ['', 'create Orders'],
      ['', 'execute Orders.close'],
      ['', 'execute confirm'],
    ],
  },
  {
    rule: 'PRV-16 or closed',
    allowed: [table({ read: ['general'] }), { applyTo: 'Lines.total', type: 'attribute', read: ['general'] }],
    rest: closed,
    may: [
      ['general', 'read Orders'],
      ['general', 'read Orders.date'],
    ],
    mayNot: [
      ['boss', 'read Lines'],
      ['boss', 'create Orders'],
      ['boss', 'execute Orders.close'],
      ['boss', 'execute confirm'],
      ['boss', 'read Lines.total'],
      ['boss', 'update Orders'],
    ],
  },
  {
    rule: 'PRV-17 the default file of a new project is open: an empty list says nothing',
    allowed: [ds({ create: [], read: [], update: [], drop: [], execute: [], promote: [] })],
    rest: { privileges: [], roles: [], restrictedByDefault: false, forceLogin: false },
    may: [
      ['', 'read Orders'],
      ['', 'drop Orders'],
      ['', 'execute ds.report'],
    ],
  },
  {
    rule: 'PRV-17 an empty list of a dataclass does not replace that of the datastore',
    allowed: [ds({ read: ['boss'] }), table({ read: [] })],
    may: [['boss', 'read Orders']],
    mayNot: [['', 'read Orders']],
  },
  {
    rule: 'PRV-17 the older default file is locked, and what is named besides it is not',
    allowed: [
      ds({ create: ['none'], read: ['none'], update: ['none'], drop: ['none'], execute: ['none'], promote: ['none'] }),
      method('ds.authenticate', { execute: ['guest'] }),
    ],
    rest: {
      privileges: [
        { privilege: 'none', includes: [] },
        { privilege: 'all', includes: ['none'] },
      ],
      roles: [],
      forceLogin: true,
    },
    may: [
      ['', 'execute ds.authenticate'],
      ['', 'execute ds.authentify'],
    ],
    mayNot: [
      ['none', 'read Orders'],
      ['all', 'read Orders'],
      ['NONE', 'execute ds.report'],
      ['all', 'drop Orders'],
    ],
  },
]

describe('permissions', () => {
  test.each(rows)('A26, A27, A28, A29 $rule', ({ allowed, rest, may: granted = [], mayNot = [] }) => {
    const roles = rolesOf(allowed, rest)
    for (const [held, wanted] of granted) expect([held, wanted, may(roles, held, wanted)]).toEqual([held, wanted, true])
    for (const [held, wanted] of mayNot) expect([held, wanted, may(roles, held, wanted)]).toEqual([held, wanted, false])
  })

  test('A32 a function lends what its own entry names, and only what can be held', () => {
    const roles = rolesOf([
      ds({ promote: ['boss'] }),
      table({ promote: ['boss'] }),
      method('Orders.close', { promote: ['DETAIL', 'ghost', 'none', 'detail', 'guest'] }),
      { applyTo: 'Cart.pay', type: 'singletonMethod', promote: ['write'] },
    ])
    const lent = (type: ResourceType, name: string) => staticPromotions(roles, { type, name })
    expect(lent('method', 'orders.CLOSE')).toEqual(['Detail', 'guest'])
    expect(lent('singletonMethod', 'Cart.pay')).toEqual(['write'])
    for (const [type, name] of [
      ['datastore', 'ds'],
      ['dataclass', 'Orders'],
      ['method', 'ds.other'],
      ['method', 'Cart.pay'],
      ['method', 'Orders.open'],
    ] as const)
      expect(lent(type, name)).toEqual([])
  })

  test('A33 a judgement says what decided, where it stands, what would do, and how it is held', () => {
    const roles = rolesOf([ds({ update: ['boss', 'none', 'ghost'] }), table({ read: ['general'] }), attribute({ read: ['Detail'] })])
    const held = hold(roles, ['boss'])
    const { allowed, decisive, demands } = judge(roles, held, { action: 'update', resource: { type: 'attribute', name: 'Orders.total' } })
    expect(allowed).toBe(false)
    expect(demands.map(({ action, met, permission }) => [action, met, permission?.type])).toEqual([
      ['update', true, 'datastore'],
      ['read', true, 'dataclass'],
      ['read', false, 'attribute'],
    ])
    expect(decisive).toMatchObject({ action: 'read', decidedBy: 'permission', permission: { name: 'Orders.total', lines: [1] }, wouldDo: ['Detail'], held: [] })
    expect(demands[0]?.wouldDo).toEqual(['boss'])
    expect(demands[1]?.held).toMatchObject([{ name: 'general', byAll: false, from: { name: 'write', from: { name: 'boss', from: null } } }])
    const open = judge(roles, held, { action: 'create', resource: { type: 'dataclass', name: 'Lines' } })
    expect(open.decisive).toMatchObject({ met: true, decidedBy: 'open', permission: null })
    expect(keyOf(' The Doctor ')).toBe('the doctor')
  })

  test('A29 what is declared to be included in guest is held by everybody', () => {
    const roles = rolesOf([table({ read: ['public'] })], { privileges: [{ privilege: 'GUEST', includes: ['Public'] }, { privilege: 'public' }] })
    const { allowed, decisive } = judge(roles, hold(roles, []), { action: 'read', resource: { type: 'dataclass', name: 'Orders' } })
    expect([allowed, decisive.held]).toMatchObject([true, [{ name: 'public', byAll: true, from: { name: 'GUEST' } }]])
  })
})
