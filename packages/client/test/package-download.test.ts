import { createHash } from 'node:crypto'
import type { PackageManifest } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { downloadPackage } from '../src/index.ts'
import { eachWithServer } from './connected.ts'

const place = eachWithServer()
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
const file = Buffer.from('export default 1\n')

const manifest: PackageManifest = {
  format: 1,
  project: 'Shop',
  kit: '0.1.0',
  clientRange: { min: 1, max: 1 },
  client: { files: [{ path: 'index.json', sha256: sha256(file), bytes: file.byteLength }] },
  server: { listing: 'c'.repeat(64), files: 1, bytes: 1 },
}

const offer = (path: string, body: Uint8Array | string, status = 200): string[] => {
  const tickets: string[] = []
  place.server.pages.set(path, (request, response) => {
    tickets.push(request.headers.authorization ?? '')
    response.writeHead(status).end(body)
  })
  return tickets
}

const offerManifest = (text = JSON.stringify(manifest), digest = sha256(text)) => ({ digest, tickets: offer(`/package/${digest}`, text) })
const download = (digest: string) => downloadPackage({ address: place.server.address, ticket: 'secret', digest })

test('K9 manifest and files are fetched with the ticket and verified', async () => {
  const { digest, tickets } = offerManifest()
  offer(`/package/blob/${sha256(file)}`, file)
  const found = await download(digest)
  expect(found.manifest).toEqual(manifest)
  expect(sha256(found.manifestBytes)).toBe(digest)
  expect(await found.blob(sha256(file))).toEqual(file)
  expect(tickets).toEqual(['Bearer secret'])
})

test('K9 a manifest that is not the digest’s is refused', async () => {
  const { digest } = offerManifest(JSON.stringify(manifest), 'd'.repeat(64))
  await expect(download(digest)).rejects.toMatchObject({ code: 'PACKAGE_DAMAGED' })
})

test('K9 a manifest that leads out of its folder is refused', async () => {
  const { digest } = offerManifest(JSON.stringify({ ...manifest, client: { files: [{ path: '../evil', sha256: sha256(file), bytes: 1 }] } }))
  await expect(download(digest)).rejects.toMatchObject({ code: 'PACKAGE_DAMAGED' })
})

test('K9 a file with other bytes, too many bytes or no place in the manifest is refused', async () => {
  const { digest } = offerManifest()
  const found = await download(digest)
  offer(`/package/blob/${sha256(file)}`, 'export default 2\n')
  await expect(found.blob(sha256(file))).rejects.toMatchObject({ code: 'PACKAGE_DAMAGED' })
  offer(`/package/blob/${sha256(file)}`, Buffer.alloc(10_000_000))
  await expect(found.blob(sha256(file))).rejects.toMatchObject({ code: 'PACKAGE_DAMAGED', message: expect.stringContaining('More bytes') })
  await expect(found.blob('e'.repeat(64))).rejects.toMatchObject({ code: 'PACKAGE_DAMAGED' })
})

test('K9 the server’s own refusal is told as it is', async () => {
  offer(`/package/${'d'.repeat(64)}`, JSON.stringify({ error: { code: 'SIGN_IN_REQUIRED', message: 'No such ticket.' } }), 401)
  await expect(download('d'.repeat(64))).rejects.toMatchObject({ code: 'SIGN_IN_REQUIRED', message: 'No such ticket.' })
  await expect(download('e'.repeat(64))).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('404') })
})
