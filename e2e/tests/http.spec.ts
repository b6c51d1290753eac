import { existsSync } from 'node:fs'
import { expect, test } from '../src/fixtures.ts'
import { type Answer, ask, codeOf, trpcCodeOf } from '../src/http-request.ts'

const json = { 'content-type': 'application/json' }
const console_ = { 'x-tessera-console': '1' }
const inJson = (value: unknown): string => JSON.stringify({ json: value })
const linkToken = (link: string): string => link.split('#token=')[1] ?? ''

const exchange = (url: string, token: string): Promise<Answer> =>
  ask(`${url}/trpc/auth.exchange`, { method: 'POST', headers: { ...json, ...console_, origin: url }, body: inJson({ token }) })

/** `name=value`, as a browser would send it back. */
const cookieOf = ({ headers }: Answer): string => headers['set-cookie']?.[0]?.split(';')[0] ?? ''

test('G1 one port serves everything, and its root leads to the console', async ({ house }) => {
  for (const path of ['/', '/console']) expect(await ask(`${house.url}${path}`)).toMatchObject({ status: 302, headers: { location: '/console/' } })
  const health = await ask(`${house.url}/healthz`)
  expect(health.status).toBe(200)
  expect(JSON.parse(health.text)).toMatchObject({
    status: 'ok',
    project: 'House',
    version: expect.any(String),
    uptimeSeconds: expect.any(Number),
    sessions: { remote: 0, web: 0 },
  })
  expect((await ask(`${house.url}/readyz`)).status).toBe(200)
  expect((await ask(`${house.url}/console/sessions/`)).status).toBe(200)
  const unknown = await ask(`${house.url}/no/such/page`)
  expect(unknown.status).toBe(404)
  expect(codeOf(unknown)).toBe('NOT_FOUND')
  expect((await ask(`${house.url}/console/no-such-page/`)).status).toBe(404)
  expect((await ask(`${house.url}/console/..%2f..%2fpackage.json`)).status).toBe(404)
})

test('G2 every answer carries the security headers', async ({ house }) => {
  const paths = [
    '/',
    '/console/',
    '/console/icon.svg',
    '/console/nowhere/',
    '/healthz',
    '/readyz',
    '/trpc/server.info',
    `/package/${'0'.repeat(64)}`,
    '/nowhere',
  ]
  for (const path of paths) {
    const { headers } = await ask(`${house.url}${path}`)
    const policy = String(headers['content-security-policy'])
    expect(headers, path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
    })
    for (const part of ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) expect(policy, path).toContain(part)
    expect(/script-src [^;]*/.exec(policy)?.[0], path).not.toContain('unsafe-inline')
  }
  const refused = await ask(`${house.url}/healthz`, { headers: { host: 'evil.example' } })
  expect(refused.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-security-policy': expect.stringContaining("frame-ancestors 'none'") })
})

test('G3 a forged Host is refused on every path', async ({ house }) => {
  for (const path of ['/healthz', '/console/', '/trpc/server.info', '/']) {
    const answer = await ask(`${house.url}${path}`, { headers: { host: `evil.example:${house.port}` } })
    expect({ path, status: answer.status, code: codeOf(answer) }).toEqual({ path, status: 421, code: 'HOST_REFUSED' })
  }
  expect((await ask(`http://127.0.0.1:${house.port}/healthz`)).status).toBe(200)
})

test('G5 a form of another site, a mutation without the header and one by GET change nothing', async ({ house }) => {
  const bearer = { authorization: `Bearer ${house.ownerToken}` }
  const reload = `${house.url}/trpc/versions.reload`
  const form = await ask(reload, { method: 'POST', headers: { ...bearer, 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1' })
  expect([form.status, codeOf(form)]).toEqual([400, 'BAD_REQUEST'])
  const text = await ask(reload, { method: 'POST', headers: { ...bearer, 'content-type': 'text/plain' }, body: '{}' })
  expect([text.status, codeOf(text)]).toEqual([400, 'BAD_REQUEST'])
  const byGet = await ask(reload, { headers: bearer })
  expect([byGet.status, trpcCodeOf(byGet)]).toEqual([400, 'BAD_REQUEST'])
  const batchByGet = await ask(`${house.url}/trpc/server.info,versions.reload?batch=1`, { headers: bearer })
  expect(batchByGet.text).toContain('BAD_REQUEST')
  expect(batchByGet.text).not.toContain('"changed"')
  const bare = await ask(`${house.url}/trpc/auth.signIn`, { method: 'POST', headers: json, body: inJson({ user: 'Designer', password: 'x' }) })
  expect([bare.status, codeOf(bare)]).toEqual([403, 'ORIGIN_REFUSED'])
  const put = await ask(reload, { method: 'PUT', headers: { ...bearer, ...json }, body: '{}' })
  expect(put.status).toBe(400)
  const nobody = await ask(`${house.url}/trpc/server.info`, { headers: console_ })
  expect([nobody.status, trpcCodeOf(nobody)]).toEqual([401, 'SIGN_IN_REQUIRED'])
})

test('G6 the console’s cookie is bound to this server, and no script or other site gets at it', async ({ house }) => {
  const answer = await exchange(house.url, linkToken(await house.newLink()))
  expect(answer.status).toBe(200)
  const [cookie = ''] = answer.headers['set-cookie'] ?? []
  expect(cookie).toMatch(/^__Host-tessera_admin_[\w-]+=[\w-]{43}; /)
  for (const attribute of ['Path=/', 'HttpOnly', 'SameSite=Strict', 'Secure']) expect(cookie).toContain(attribute)
  expect(cookie).not.toMatch(/domain=/i)
  expect(answer.headers['cache-control']).toBe('no-store')

  const me = (headers: Record<string, string>): Promise<Answer> =>
    ask(`${house.url}/trpc/auth.me`, { headers: { ...console_, cookie: cookieOf(answer), ...headers } })
  expect((await me({})).status).toBe(200)
  expect((await me({ origin: house.url })).status).toBe(200)
  for (const headers of [{ origin: 'http://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    const foreign = await me(headers)
    expect([foreign.status, codeOf(foreign)], JSON.stringify(headers)).toEqual([403, 'ORIGIN_REFUSED'])
  }
  const change = (headers: Record<string, string>): Promise<Answer> =>
    ask(`${house.url}/trpc/versions.reload`, { method: 'POST', headers: { ...json, cookie: cookieOf(answer), ...headers } })
  expect(codeOf(await change({ ...console_ }))).toBe('ORIGIN_REFUSED')
  expect(codeOf(await change({ ...console_, origin: `http://localhost:${house.port + 1}` }))).toBe('ORIGIN_REFUSED')
  expect(codeOf(await change({ origin: house.url }))).toBe('ORIGIN_REFUSED')
  expect((await change({ ...console_, origin: house.url })).status).toBe(200)

  const out = await ask(`${house.url}/trpc/auth.signOut`, { method: 'POST', headers: { ...json, ...console_, origin: house.url, cookie: cookieOf(answer) } })
  expect(out.status).toBe(200)
  expect(out.headers['set-cookie']?.[0]).toContain('Max-Age=0')
  expect((await me({})).status).toBe(401)
})

test('G7 a sign-in link works once', async ({ house }) => {
  const token = linkToken(await house.newLink())
  expect((await exchange(house.url, token)).status).toBe(200)
  const again = await exchange(house.url, token)
  expect(again.status).toBe(401)
  expect(trpcCodeOf(again)).toBe('BAD_CREDENTIALS')
  expect(again.headers['set-cookie']).toBeUndefined()
})

test('G6 the owner’s token lies in a file that nobody else can read', async ({ house }) => {
  const { statSync } = await import('node:fs')
  const file = `${house.dataDirectory}/server.json`
  expect(existsSync(file)).toBe(true)
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
})
