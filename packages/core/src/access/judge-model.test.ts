import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judge } from './permissions.ts'
import { hold } from './roles/held.ts'
import { parseRoles } from './roles/parse-roles.ts'
import { actions, type Resource, type Roles, resourceTypes } from './roles/roles.ts'

const privilegeNames = ['a', 'B', 'c d', 'E', 'guest', 'none', 'ghost', '__proto__']
const resourceNames = ['ds', 'ds.f', 'ds.authentify', 'T', 'T.x', 'U', 'U.x', 'm']

interface Privilege {
  privilege: string
  includes: string[]
}
interface Entry {
  applyTo: string
  type: string
  lists: Record<string, string[]>
}
interface Model {
  privileges: Privilege[]
  entries: Entry[]
  restrictedByDefault: boolean
  forceLogin: boolean
}

/** Letters in another case here and there. */
const anyCase = (text: string): fc.Arbitrary<string> => fc.constantFrom(text, text.toUpperCase(), text.toLowerCase())
const names = fc.array(fc.constantFrom(...privilegeNames).chain(anyCase), { maxLength: 3 })
/** Each includes later ones only, so that none includes itself. */
const privileges: fc.Arbitrary<Privilege[]> = fc
  .tuple(
    ...privilegeNames.slice(0, 6).map((privilege, at) => fc.option(fc.subarray(privilegeNames.slice(at + 1)).map((includes) => ({ privilege, includes })))),
  )
  .map((all) => all.filter((each) => each !== null))
const entry: fc.Arbitrary<Entry> = fc.record({
  applyTo: fc.constantFrom(...resourceNames).chain(anyCase),
  type: fc.constantFrom(...resourceTypes),
  lists: fc.dictionary(fc.constantFrom(...actions), names, { maxKeys: 4, noNullPrototype: true }),
})
const model: fc.Arbitrary<Model> = fc.record({
  privileges,
  entries: fc.array(entry, { maxLength: 8 }),
  restrictedByDefault: fc.boolean(),
  forceLogin: fc.boolean(),
})
const access = fc.record({
  action: fc.constantFrom(...actions),
  resource: fc.record({ type: fc.constantFrom(...resourceTypes), name: fc.constantFrom(...resourceNames) }),
})

const textOf = ({ privileges: declared, entries, restrictedByDefault, forceLogin }: Model): string =>
  `{"privileges":${JSON.stringify(declared)},"permissions":{"allowed":[${entries
    .map(({ applyTo, type, lists }) => JSON.stringify({ applyTo, type, ...lists }))
    .join(',')}]},"restrictedByDefault":${restrictedByDefault},"forceLogin":${forceLogin}}`
const rolesOf = (of: Model): Roles => parseRoles(textOf(of)).roles

/** The rules of 4d.md PRV-05..17 as sentences over plain lists: slow, and written without a look at the other. */
const naive = ({ privileges: declared, entries, restrictedByDefault, forceLogin }: Model, set: string[], action: string, { type, name }: Resource): boolean => {
  const low = (text: string): string => text.toLowerCase()
  if (forceLogin && action === 'execute' && type === 'method' && low(name) === 'ds.authentify') return true
  let held = ['guest', ...set.map(low)]
  for (let round = 0; round <= declared.length; round++) {
    held = held.flatMap((each) => [each, ...declared.filter(({ privilege }) => low(privilege) === each).flatMap(({ includes }) => includes.map(low))])
    held = [...new Set(held)].filter(
      (each) => each !== 'none' && (each === 'guest' || each === 'webadmin' || declared.some(({ privilege }) => low(privilege) === each)),
    )
  }
  const listed = (of: string, on: string, what: string): string[] =>
    entries
      .filter((each) => each.type === of && low(each.applyTo) === low(on))
      .flatMap(({ lists }) => (Object.hasOwn(lists, what) ? (lists[what] ?? []) : []))
      .map(low)
  const holdsOne = (list: string[]): boolean => list.some((each) => held.includes(each))
  const owner = name.includes('.') ? (name.split('.')[0] ?? '') : ''
  const one = (what: string): boolean => {
    const lists = {
      datastore: [],
      dataclass: [listed('dataclass', name, what)],
      attribute: [listed('dataclass', owner, what)],
      method: [listed('method', name, what), listed('dataclass', owner, what)],
      singleton: [listed('singleton', name, what)],
      singletonMethod: [listed('singletonMethod', name, what), listed('singleton', owner, what)],
    }[type]
    const deciding = [...lists, listed('datastore', 'ds', what)].find((list) => list.length > 0)
    const inherited = deciding === undefined ? !restrictedByDefault : holdsOne(deciding)
    const own = type === 'attribute' ? listed('attribute', name, what) : []
    return inherited && (own.length === 0 || holdsOne(own))
  }
  return one(action) && (!['update', 'drop'].includes(action) || one('read'))
}

test('A30 judging equals its rules written another way', () => {
  fc.assert(
    fc.property(model, names, access, (of, set, { action, resource }) => {
      const roles = rolesOf(of)
      expect(judge(roles, hold(roles, set), { action, resource }).allowed).toBe(naive(of, set, action, resource))
    }),
    { numRuns: 3000 },
  )
})

test('A30 holding more never forbids', () => {
  fc.assert(
    fc.property(model, names, names, access, (of, set, more, wanted) => {
      const roles = rolesOf(of)
      const before = judge(roles, hold(roles, set), wanted).allowed
      if (before) expect(judge(roles, hold(roles, [...more, ...set]), wanted).allowed).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

test('A30 the case of no name matters', () => {
  fc.assert(
    fc.property(model, names, access, (of, set, { action, resource }) => {
      const loud = (text: string): string => text.toUpperCase()
      const shouted: Model = {
        ...of,
        privileges: of.privileges.map(({ privilege, includes }) => ({ privilege: loud(privilege), includes: includes.map(loud) })),
        entries: of.entries.map(({ applyTo, lists, ...each }) => ({
          ...each,
          applyTo: loud(applyTo),
          lists: Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, list.map(loud)])),
        })),
      }
      const roles = rolesOf(shouted)
      const there = judge(roles, hold(roles, set.map(loud)), { action, resource: { ...resource, name: loud(resource.name) } }).allowed
      const quiet = rolesOf(of)
      expect(there).toBe(judge(quiet, hold(quiet, set), { action, resource }).allowed)
    }),
    { numRuns: 1000 },
  )
})
