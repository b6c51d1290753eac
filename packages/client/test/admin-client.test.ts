import type { IncomingMessage } from 'node:http'
import superjson from 'superjson'
import { expect, test } from 'vitest'
import { createAdminClient } from '../src/index.ts'
import { eachWithServer } from './connected.ts'

const place = eachWithServer()

const answer = (path: string, value: unknown, requests: IncomingMessage[] = []): IncomingMessage[] => {
  place.server.pages.set(path, (request, response) => {
    requests.push(request)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify([{ result: { data: superjson.serialize(value) } }]))
  })
  return requests
}

test('the admin client speaks tRPC as the server wants it: bearer token, console header, POST for what changes something', async () => {
  const reloads = answer('/trpc/versions.reload', { changed: true, version: { id: '20261122.2', digest: 'b'.repeat(64) } })
  const admin = createAdminClient({ url: `http://${place.server.address}/`, token: 'secret' })
  expect(await admin.versions.reload.mutate()).toMatchObject({ changed: true })
  expect(reloads[0]).toMatchObject({
    method: 'POST',
    headers: { authorization: 'Bearer secret', 'x-tessera-console': '1', 'content-type': 'application/json' },
  })
})

test('values that JSON does not have come through', async () => {
  answer('/trpc/server.info', { startedAt: new Date(0) })
  const admin = createAdminClient({ url: `http://${place.server.address}/trpc`, token: 'secret' })
  expect(await admin.server.info.query()).toEqual({ startedAt: new Date(0) })
})

test('a refused request carries the code of the closed set', async () => {
  const admin = createAdminClient({ url: place.server.address, token: 'wrong' })
  place.server.pages.set('/trpc/versions.reload', (_request, response) => {
    const data = { code: 'UNAUTHORIZED', httpStatus: 401, path: 'versions.reload', tessera: { code: 'SIGN_IN_REQUIRED', message: 'Sign in first.' } }
    response.writeHead(401, { 'content-type': 'application/json' })
    response.end(JSON.stringify([{ error: superjson.serialize({ message: 'Sign in first.', code: -32001, data }) }]))
  })
  await expect(admin.versions.reload.mutate()).rejects.toMatchObject({ message: 'Sign in first.', data: { tessera: { code: 'SIGN_IN_REQUIRED' } } })
})
