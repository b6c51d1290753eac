import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { downloadPackage, type Remote } from '@tessera/client'
import { DamagingProxy, damages } from '../src/damaging-proxy.ts'
import { expect, test } from '../src/fixtures.ts'
import { ask, codeOf } from '../src/http-request.ts'
import { makeWritable } from '../src/project-folder.ts'
import { failureOf } from '../src/refusal.ts'

const download = (remote: Remote, address: string) => downloadPackage({ address, ticket: remote.ticket, digest: remote.version.digest })

/** Every SHA-256 under which a file is kept, of whichever half. */
const keptBlobs = (dataDirectory: string): string[] =>
  readdirSync(join(dataDirectory, 'packages'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.split('/').at(-1) ?? '')
    .filter((name) => /^[0-9a-f]{64}$/.test(name))

test('G8 packages are for holders of a ticket, as long as their session lives', async ({ house, connect }) => {
  const remote = await connect(house.url)
  const { manifest } = await download(remote, house.url)
  const paths = [`/package/${remote.version.digest}`, `/package/blob/${manifest.client.files[0]?.sha256}`]
  const get = (path: string, authorization?: string) => ask(`${house.url}${path}`, { headers: authorization === undefined ? {} : { authorization } })
  for (const path of paths) {
    expect((await get(path, `Bearer ${remote.ticket}`)).status).toBe(200)
    for (const other of [undefined, `Bearer ${'x'.repeat(43)}`, `Bearer ${house.ownerToken}`, `Bearer ${remote.sessionId}`, `Bearer ${remote.resumeToken}`]) {
      const refused = await get(path, other)
      expect([refused.status, codeOf(refused)]).toEqual([401, 'SIGN_IN_REQUIRED'])
    }
  }
  expect((await get(`/package/${'0'.repeat(64)}`, `Bearer ${remote.ticket}`)).status).toBe(404)
  expect((await get('/package/blob/..%2f..%2fserver.json', `Bearer ${remote.ticket}`)).status).toBe(404)
  const { ticket } = remote
  await remote.close()
  for (const path of paths) expect((await get(path, `Bearer ${ticket}`)).status).toBe(401)
})

test('G8 no byte of the server half leaves the server', async ({ house, connect }) => {
  const remote = await connect(house.url)
  const { manifest, manifestBytes, blob } = await download(remote, house.url)
  const mine = new Set(manifest.client.files.map(({ sha256 }) => sha256))
  const others = keptBlobs(house.dataDirectory).filter((sha256) => !mine.has(sha256) && sha256 !== remote.version.digest)
  expect(others.length).toBeGreaterThan(5)
  for (const sha256 of [manifest.server.listing, ...others]) {
    const answer = await ask(`${house.url}/package/blob/${sha256}`, { headers: { authorization: `Bearer ${remote.ticket}` } })
    expect([sha256, answer.status]).toEqual([sha256, 404])
  }
  const texts = await Promise.all([...mine].map(async (sha256) => Buffer.from(await blob(sha256)).toString()))
  for (const secret of ['OrderRefused', 'half way', 'whileLoading']) {
    expect(Buffer.from(manifestBytes).toString()).not.toContain(secret)
    for (const text of texts) expect(text).not.toContain(secret)
  }
})

test('G9 what was changed on the way is refused, manifest and files alike', async ({ house, connect }) => {
  const remote = await connect(house.url)
  const whole = await download(remote, house.url)
  const [file] = whole.manifest.client.files
  for (const damage of [damages.altered, damages['cut short'], damages['too long']]) {
    const proxy = await DamagingProxy.before(house.url, damage)
    expect(await failureOf(download(remote, proxy.url))).toMatchObject({ code: 'PACKAGE_DAMAGED' })
    const response = await fetch(`${proxy.url}/package/blob/${file?.sha256}`, { headers: { authorization: `Bearer ${remote.ticket}` } })
    expect(response.status).toBe(200)
    await proxy.close()
  }
})

test('G9 what was changed in the store is refused before anything of it runs', async ({ newProject, serve, connect }) => {
  const project = newProject({ 'database/onStartup.ts': "export default (): void => {\n  console.log('I ran')\n}\n" })
  const server = await serve({ project })
  const remote = await connect(server.url)
  const { manifest, blob } = await download(remote, server.url)
  const startup = manifest.client.files.find(({ path }) => path.includes('onStartup'))?.sha256 ?? ''
  const file = join(server.dataDirectory, 'packages', 'blobs', startup.slice(0, 2), startup)
  const bytes = readFileSync(file)
  makeWritable(file)
  for (const damage of [damages.altered, damages['cut short'], damages['too long']]) {
    writeFileSync(file, damage(bytes))
    expect(await failureOf(blob(startup))).toMatchObject({ code: 'PACKAGE_DAMAGED' })
    const client = await server.cli.run(['connect', server.url])
    expect(client).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^tessera: [^\n]+ \(PACKAGE_DAMAGED\)$/m) })
  }
  writeFileSync(file, bytes)
  const client = server.cli.start(['connect', server.url])
  await client.hears(/I ran/)
  client.signal('SIGTERM')
  expect(await client.ended).toEqual({ code: 0, signal: null })
})
