import { TesseraError } from '@tessera/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expandPrivileges, noRoles, parseRoles } from './roles.ts'

const file = (privileges: object[], rest: object = {}): string => JSON.stringify({ privileges, roles: [], permissions: { allowed: [] }, ...rest }, null, 2)

const problemsOf = (text: string): readonly { line: number; message: string }[] => {
  try {
    parseRoles(text)
  } catch (error) {
    if (error instanceof TesseraError && error.code === 'ROLES_INVALID') return error.problems ?? []
    throw error
  }
  throw new Error('was accepted')
}

describe('roles.json', () => {
  test('A13 a file in 4D’s format is read, odd names, ids and a byte order mark included', () => {
    const text = file([{ privilege: 'The Doctor', id: 'x1', includes: ['guest'] }, { privilege: 'simple' }], {
      roles: [{ role: 'Medium', privileges: ['simple', 'the doctor'] }],
      permissions: { allowed: [{ applyTo: 'ds', type: 'datastore', read: ['simple'], describe: [], execute: ['none'] }] },
      restrictedByDefault: true,
      forceLogin: false,
    })
    const { roles, warnings } = parseRoles(`\ufeff${text}`)
    expect([...roles.privileges.keys()]).toEqual(['the doctor', 'simple'])
    expect(roles.roles.get('medium')).toEqual({ name: 'Medium', privileges: ['simple', 'the doctor'] })
    expect(warnings).toMatchObject([{ severity: 'warning', message: expect.stringContaining('describe') }])
    expect(parseRoles('{}').roles).toEqual(noRoles)
  })

  test('A13 a broken file is refused whole, with every problem and its place', () => {
    const problems = problemsOf(
      file([{ privilege: 'a' }, { privilege: 'A' }, { name: 'b' }, { privilege: 'c', includes: [1] }], {
        permissions: { allowed: [{ applyTo: 'Invoice', type: 'table', read: ['a'], fly: [] }, { type: 'datastore' }] },
      }),
    )
    expect(problems.map(({ message }) => message)).toEqual([
      'the privilege "A" is declared twice',
      'each entry of "privileges" must have a text "privilege"',
      '"includes" of privilege "c" must be an array of texts',
      '"table" is no type of resource',
      '"fly" is no action',
      'each permission must have a text "applyTo" and a text "type"',
    ])
    expect(problems[0]).toMatchObject({ file: 'roles.json', line: 7, severity: 'error' })
  })

  test('A13 what is no object is refused', () => {
    for (const text of ['', '{', '[]', 'null', '1', '{"privileges": {}}', '{"roles": 1}', '{"permissions": []}', '{"permissions": {"allowed": {}}}']) {
      expect(problemsOf(text).length).toBeGreaterThan(0)
    }
  })

  test('A13 privileges that include each other are named in their cycle', () => {
    const includes = (privilege: string, ...list: string[]) => ({ privilege, includes: list })
    expect(problemsOf(file([includes('A', 'b'), includes('B', 'C'), includes('C', 'a')]))).toMatchObject([
      { message: 'privileges include each other: A → B → C → A', line: 4 },
    ])
    expect(problemsOf(file([includes('self', 'SELF')]))).toMatchObject([{ message: 'privileges include each other: self → self' }])
    expect(parseRoles(file([includes('a', 'b', 'c'), includes('b', 'd'), includes('c', 'd'), includes('d')])).warnings).toEqual([])
  })

  test('A13 what is named but not declared is a warning', () => {
    const { warnings } = parseRoles(file([{ privilege: 'a', includes: ['nobody'] }], { roles: [{ role: 'r', privileges: ['ghost'] }] }))
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('"nobody"'), expect.stringContaining('"ghost"')])
  })

  test('A13 any text is read or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          parseRoles(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ROLES_INVALID' })
        }
      }),
      { numRuns: 300 },
    )
  })

  test('A10 a privilege holds all that it includes, however deep, and nothing that is not declared', () => {
    const { roles } = parseRoles(
      file([{ privilege: 'Large', includes: ['MEDIUM'] }, { privilege: 'Medium', includes: ['simple', 'guest', 'ghost'] }, { privilege: 'simple' }]),
    )
    expect(expandPrivileges(roles, ['LARGE'])).toEqual(['Large', 'Medium', 'guest', 'simple'])
    expect(expandPrivileges(roles, ['simple'])).toEqual(['simple'])
    expect(expandPrivileges(roles, ['ghost'])).toEqual([])
    expect(expandPrivileges(roles, [])).toEqual([])
  })
})
