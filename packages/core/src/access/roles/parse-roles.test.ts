import { type Problem, TesseraError } from '@tessera/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge } from '../permissions.ts'
import { heldNames, hold } from './held.ts'
import { longestRoles, parseRoles, readPackedRoles } from './parse-roles.ts'
import { noRoles, sameRoles } from './roles.ts'

const file = (privileges: object[], rest: object = {}): string => JSON.stringify({ privileges, roles: [], permissions: { allowed: [] }, ...rest }, null, 2)

const problemsOf = (text: string): readonly Problem[] => {
  try {
    parseRoles(text)
  } catch (error) {
    if (error instanceof TesseraError && error.code === 'ROLES_INVALID') return error.problems ?? []
    throw error
  }
  throw new Error('was accepted')
}
const errorsOf = (text: string): readonly Problem[] => problemsOf(text).filter(({ severity }) => severity === 'error')
const includes = (privilege: string, ...names: string[]) => ({ privilege, includes: names })

const chainOf = (length: number, last: string[] = []): string =>
  JSON.stringify({
    privileges: Array.from({ length }, (_, at) => includes(at.toString(36), ...(at + 1 < length ? [(at + 1).toString(36)] : last))),
    permissions: { allowed: [] },
  })

describe('roles.json', () => {
  test('A13 a file in 4D’s format is read, odd names, ids and a byte order mark included', () => {
    const text = file([{ privilege: 'The Doctor', id: 'x1', includes: ['guest'] }, { privilege: 'simple' }], {
      roles: [{ id: 'x2', role: 'Medium', privileges: ['simple', 'the doctor'] }],
      permissions: { allowed: [{ applyTo: 'ds', type: 'datastore', id: 'x3', read: ['simple'], describe: [], execute: ['none'] }] },
      restrictedByDefault: true,
      forceLogin: false,
    })
    const { roles, warnings } = parseRoles(`\ufeff${text}`)
    expect([...roles.privileges]).toEqual([
      ['the doctor', { name: 'The Doctor', includes: ['guest'] }],
      ['simple', { name: 'simple', includes: [] }],
    ])
    expect(roles.roles.get('medium')).toEqual({ name: 'Medium', privileges: ['simple', 'the doctor'] })
    expect([roles.restrictedByDefault, roles.forceLogin]).toEqual([true, false])
    expect(warnings).toMatchObject([{ severity: 'warning', message: expect.stringContaining('describe') }])
    expect(roles.warnings).toBe(warnings)
  })

  test('A26 several entries for one resource are joined, and a list that is given twice is told', () => {
    const { roles, warnings } = parseRoles(
      file([{ privilege: 'a' }, { privilege: 'b' }, { privilege: 'c' }], {
        permissions: {
          allowed: [
            { applyTo: 'Orders', type: 'dataclass', read: ['a'], create: [] },
            { applyTo: 'ORDERS', type: 'dataclass', read: ['b'], update: ['c'], create: ['c'] },
            { applyTo: 'Orders', type: 'attribute', read: ['c'] },
          ],
        },
      }),
    )
    const orders = roles.permissions.get('dataclass orders')
    expect(Object.fromEntries(orders?.lists ?? [])).toEqual({ read: ['a', 'b'], create: ['c'], update: ['c'] })
    expect(orders?.lines).toEqual([17, 25])
    expect(warnings).toMatchObject([
      { line: 25, message: 'read on "ORDERS" is given twice: a privilege of either list does' },
      { message: expect.stringContaining('does not say whose attribute') },
    ])
  })

  test('A13 what 4D asks for and is missing, and what means nothing, is told and no error', () => {
    const { roles, warnings } = parseRoles('{ "restrictByDefault": true }')
    expect(sameRoles(roles, noRoles)).toBe(true)
    expect(warnings).toMatchObject([
      { line: 1, column: 1, message: expect.stringContaining('"privileges"') },
      { line: 1, column: 1, message: expect.stringContaining('"permissions"') },
      { line: 1, column: 3, code: 'roles-doubtful', message: '"restrictByDefault" means nothing in this file' },
    ])
    const twice = parseRoles('{ "privileges": [],\n "permissions": { "allowed": [] },\n "forceLogin": false, "forceLogin": true }')
    expect([twice.roles.forceLogin, twice.warnings]).toMatchObject([true, [{ line: 3, column: 23 }]])
    const odd = parseRoles(
      file([{ privilege: 'WebAdmin' }, { privilege: 'a', includes: ['none'] }], {
        permissions: {
          allowed: [
            { applyTo: 'db', type: 'datastore' },
            { applyTo: 'T.f', type: 'method', read: ['a'] },
            { applyTo: 'T.a', type: 'attribute', execute: ['a'] },
            { applyTo: 'T', type: 'dataclass', promote: ['a'] },
          ],
        },
      }),
    )
    expect(odd.warnings.map(({ message }) => message)).toEqual([
      '"WebAdmin" is reserved: it is there without being declared',
      'the privilege "a" includes "none", which nobody ever holds',
      'the datastore is called "ds": nothing is called "db"',
      'read has no effect on the type method',
      'execute has no effect on the type attribute',
      'promote has no effect on the type dataclass',
    ])
  })

  test('A13 a broken file is refused whole, with every problem and its place', () => {
    const errors = errorsOf(
      file([{ privilege: 'a' }, { privilege: 'A' }, { name: 'b' }, { privilege: 'c', includes: [1] }], {
        permissions: { allowed: [{ applyTo: 'Invoice', type: 'table', read: ['a'], fly: [] }, { type: 'datastore' }] },
        restrictedByDefault: 'yes',
      }),
    )
    expect(errors.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`)).toEqual([
      '7:20 roles-invalid the privilege "A" is declared twice',
      '9:5 roles-invalid each entry of "privileges" must have a text "privilege"',
      '14:7 roles-invalid "includes" of privilege "c" must be an array of texts',
      '24:17 roles-invalid "table" is no type of resource',
      '28:9 roles-invalid "fly" is no action',
      '30:7 roles-invalid each permission must have a text "applyTo" and a text "type"',
      '35:26 roles-invalid "restrictedByDefault" must be true or false',
    ])
  })

  test.each([
    ['a trailing comma in an object', '{\n  "privileges": [],\n}', 2, 19, 'a comma stands before "}", with nothing after it'],
    ['a trailing comma in an array', '{ "privileges": [\n  { "privilege": "a" },\n] }', 2, 23, 'a comma stands before "]", with nothing after it'],
    ['a comment', '{\n  // who may\n}', 2, 3, '"/" is not expected here; JSON has no comments'],
    ['single quotes', "{ 'privileges': [] }", 1, 3, `"'" is not expected here; texts stand in double quotes`],
    ['a text that does not end', '{\n  "privileges": [{ "privilege": "a }] }', 2, 33, 'a text begins here and does not end'],
    ['a text over two lines', '{ "priv\nileges": [] }', 1, 3, 'this text does not end on its line, or holds a character that must be escaped'],
    ['an end too early', '{ "privileges": [', 1, 18, 'it ends too early'],
    ['something after the end', '{}\n{}', 2, 1, '"{" is not expected here'],
    ['a number that is none', '{ "privileges": 01 }', 1, 18, '"1" is not expected here'],
    ['nothing at all', '', 1, 1, 'it ends too early'],
  ])('A13 %s is told with its place, behind a byte order mark too', (...[, text, line, column, message]) => {
    expect(errorsOf(text)).toEqual([{ file: 'roles.json', line, column, severity: 'error', code: 'roles-invalid', message: `it is not JSON: ${message}` }])
    expect(errorsOf(`\ufeff${text}`)).toMatchObject([{ line, column }])
  })

  test('A13 what is no object is refused', () => {
    for (const text of [
      '[]',
      'null',
      '1',
      '{"privileges": {}}',
      '{"roles": 1}',
      '{"permissions": []}',
      '{"permissions": {"allowed": {}}}',
      '{"forceLogin": 1}',
    ]) {
      expect(errorsOf(text)).toHaveLength(1)
    }
  })

  test('A13 privileges that include each other are named in their cycle', () => {
    expect(errorsOf(file([includes('a', 'b'), includes('B', 'C'), includes('c', 'A', 'd'), includes('d')]))).toMatchObject([
      { line: 4, column: 20, message: 'privileges include each other: a → B → c → a' },
    ])
    expect(errorsOf(file([includes('self', 'SELF')]))).toMatchObject([{ message: 'privileges include each other: self → self' }])
    expect(errorsOf(file([includes('x', 'a'), includes('a', 'b'), includes('b', 'a')]))).toMatchObject([
      { message: 'privileges include each other: a → b → a' },
    ])
    expect(parseRoles(file([includes('a', 'b', 'c'), includes('b', 'd'), includes('c', 'd'), includes('d')])).warnings).toEqual([])
  })

  test('A13 what is named but not declared is a warning where it stands', () => {
    const { warnings } = parseRoles(
      file([{ privilege: 'a', includes: ['nobody'] }], {
        roles: [{ role: 'r', privileges: ['ghost', 'guest'] }],
        permissions: { allowed: [{ applyTo: 'ds', type: 'datastore', read: ['phantom', 'none', 'webadmin'] }] },
      }),
    )
    expect(warnings.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '6 the privilege "a" includes "nobody", which is not declared',
      '14 the role "r" names the privilege "ghost", which is not declared',
      '25 the permission on "ds" names "phantom", which is not declared',
    ])
  })

  test('A13 names that objects have of their own are names like any other', () => {
    const text = `{ "privileges": [{ "privilege": "__proto__", "includes": ["constructor"] }, { "privilege": "constructor" }],
      "roles": [{ "role": "hasOwnProperty", "privileges": ["__proto__"] }],
      "permissions": { "allowed": [{ "applyTo": "__proto__", "type": "dataclass", "read": ["constructor"] }] }, "__proto__": { "forceLogin": true } }`
    const { roles, warnings } = parseRoles(text)
    expect(heldNames(hold(roles, roles.roles.get('hasownproperty')?.privileges ?? []))).toEqual(['__proto__', 'constructor'])
    expect(judge(roles, hold(roles, ['__PROTO__']), { action: 'read', resource: { type: 'dataclass', name: '__proto__' } }).allowed).toBe(true)
    expect(judge(roles, hold(roles, ['toString']), { action: 'read', resource: { type: 'dataclass', name: '__proto__' } }).allowed).toBe(false)
    expect(roles.forceLogin).toBe(false)
    expect(warnings).toMatchObject([{ line: 3, message: '"__proto__" means nothing in this file' }])
    expect(Reflect.get({}, 'forceLogin')).toBeUndefined()
    expect(errorsOf('{"permissions": {"allowed": [{"applyTo": "ds", "type": "constructor", "__proto__": [], "toString": ["a"]}]}}')).toHaveLength(3)
  })

  test('A38 a file longer than a mebibyte is refused at once', () => {
    const long = `${' '.repeat(10 * longestRoles)}{`
    expect(errorsOf(long)).toMatchObject([{ line: 1, column: 1, message: `it has ${long.length} characters, and at most ${longestRoles} are read` }])
    const fits = file([])
    expect(parseRoles(fits + ' '.repeat(longestRoles - fits.length)).warnings).toEqual([])
  })

  test('A38 a chain of 100,000 inclusions, a circle of as many and the deepest nesting are read, in one pass', () => {
    const chained = readPackedRoles(chainOf(100_000))
    expect(chained.restrictedByDefault).toBe(false)
    expect(heldNames(hold(chained, ['0']))).toHaveLength(100_000)
    const circle = readPackedRoles(chainOf(100_000, ['0']))
    expect(circle.warnings).toMatchObject([
      { line: 1, column: 29, message: expect.stringMatching(/^privileges include each other: 0 → 1 → 2 → 3 → 4 → … 99990 more … → /) },
    ])
    expect(circle.warnings[0]?.message.length).toBeLessThan(200)
    const deep = '['.repeat(longestRoles / 2)
    expect(errorsOf(deep)).toMatchObject([{ message: 'it is not JSON: it ends too early' }])
    expect(errorsOf(`{"privileges":${deep}${']'.repeat(deep.length - 20)}`)).toHaveLength(1)
  }, 60_000)

  test('A38 of very many problems the first are listed and the others counted', () => {
    const errors = errorsOf(file(Array.from({ length: 20_000 }, () => ({}))))
    expect(errors).toHaveLength(501)
    expect(errors.at(-1)).toMatchObject({ message: '19500 more like these are not listed' })
  })

  test('A39 a package that was made when more was accepted opens: what can be read stands, and all else is closed', () => {
    const { privileges, restrictedByDefault, forceLogin, warnings } = readPackedRoles(
      file([{ privilege: 'a' }, { privilege: 'A' }], { restrictedByDefault: 'no' }),
    )
    expect([[...privileges.keys()], restrictedByDefault, forceLogin, warnings.length]).toEqual([['a'], true, true, 2])
    expect(readPackedRoles('{')).toMatchObject({ restrictedByDefault: true, forceLogin: true })
    const good = file([{ privilege: 'a' }])
    expect(readPackedRoles(good)).toEqual(parseRoles(good).roles)
  })

  test('A13 any text is read or refused, never anything else; and JSON is what JSON.parse takes', () => {
    const spoilt = fc.tuple(fc.json(), fc.nat(), fc.constantFrom(',', '}', '"', '\\', ' ', '/')).map(([text, at, mark]) => {
      const cut = at % (text.length + 1)
      return text.slice(0, cut) + mark + text.slice(cut)
    })
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), spoilt), (text) => {
        let message = ''
        try {
          parseRoles(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ROLES_INVALID' })
          message = String(error)
        }
        expect(message.includes('is not JSON')).toBe(!isJson(text))
      }),
      { numRuns: 500 },
    )
  })

  test('A10 a privilege holds all that it includes, however deep, and nothing that is not declared', () => {
    const { roles } = parseRoles(
      file([{ privilege: 'Large', includes: ['MEDIUM'] }, { privilege: 'Medium', includes: ['simple', 'guest', 'ghost', 'none'] }, { privilege: 'simple' }]),
    )
    expect(heldNames(hold(roles, ['LARGE']))).toEqual(['Large', 'Medium', 'guest', 'simple'])
    expect(heldNames(hold(roles, ['simple']))).toEqual(['simple'])
    expect(heldNames(hold(roles, ['ghost']))).toEqual([])
    expect(heldNames(hold(roles, []))).toEqual([])
  })
})

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
