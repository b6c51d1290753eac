import { expect, test } from 'vitest'
import { startTestEngine } from '../testing/index.ts'
import { authorise, type Bearer, type Wanted } from './authorise.ts'
import { staticPromotions } from './permissions.ts'
import { hold } from './roles/held.ts'
import { parseRoles } from './roles/parse-roles.ts'

const text = JSON.stringify({
  privileges: [{ privilege: 'secretName', includes: ['deeper'] }, { privilege: 'deeper' }, { privilege: 'other' }],
  permissions: {
    allowed: [
      { applyTo: 'Orders', type: 'dataclass', read: ['deeper'] },
      { applyTo: 'ds.report', type: 'method', execute: ['guest'], promote: ['secretName'] },
    ],
  },
})
const { roles } = parseRoles(text)
const bearerOf = (...privilegesSet: string[]): Bearer => ({ roles, held: hold(roles, privilegesSet), privilegesSet })
const reading: Wanted = { action: 'read', resource: { type: 'dataclass', name: 'Orders' } }

const outcome = (work: () => void): unknown => {
  try {
    return work() ?? 'allowed'
  } catch (error) {
    return error
  }
}

test('A31 privileges bind web requests only, and the refusal names none', () => {
  expect(outcome(() => authorise('desktop', bearerOf(), reading))).toBe('allowed')
  expect(outcome(() => authorise('web', bearerOf('secretName'), reading))).toBe('allowed')
  expect(outcome(() => authorise('web', bearerOf('other'), reading))).toMatchObject({
    code: 'PRIVILEGE_REQUIRED',
    message: 'This session may not read Orders on the web.',
  })
})

test('A32 what a function lends counts for the process that runs it, beside what its session holds', () => {
  const promoted = staticPromotions(roles, { type: 'method', name: 'ds.report' })
  const bearer = bearerOf('other')
  expect(outcome(() => authorise('web', bearer, { ...reading, promoted }))).toBe('allowed')
  expect(outcome(() => authorise('web', bearer, { ...reading, promoted: ['ghost', 'none'] }))).toMatchObject({ code: 'PRIVILEGE_REQUIRED' })
  expect(outcome(() => authorise('web', bearer, reading))).toMatchObject({ code: 'PRIVILEGE_REQUIRED' })
})

test('A31 code of a desktop session is never checked, whatever the roles say', async () => {
  const closed = JSON.stringify({
    privileges: [],
    permissions: { allowed: [{ applyTo: 'ds', type: 'datastore', execute: ['none'] }] },
    restrictedByDefault: true,
  })
  const engine = await startTestEngine({ project: { roles: closed, methods: { hello: () => 'hello' } } })
  const ana = await engine.connect()
  expect(await ana.call('hello')).toBe('hello')
  expect(engine.reads.explain(ana.id, { action: 'execute', resource: 'hello', type: null })).toMatchObject({
    desktop: { allowed: true },
    web: { allowed: false },
  })
})
