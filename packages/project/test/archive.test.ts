import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TesseraError } from '@tessera/protocol'
import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { readArchive, writeArchive } from '../src/package/archive.ts'
import { canonicalJson } from '../src/package/canonical-json.ts'
import { type Pack, packHalves } from '../src/package/pack.ts'
import { sha256 } from '../src/package/sha256.ts'
import { unpackArchive } from '../src/package/unpack.ts'
import { verifyArchive } from '../src/package/verify.ts'
import { makeFolder } from './project-folder.ts'
import { smallHalves, smallPack } from './small-pack.ts'

const pack = smallPack()
const archive = writeArchive(pack)

const codeOf = (read: () => unknown): string => {
  try {
    read()
    return 'accepted'
  } catch (cause) {
    return cause instanceof TesseraError ? cause.code : `another error: ${String(cause)}`
  }
}

/** Somebody who knows the format, and seals what they made. */
const sealed = (entries: Record<string, Uint8Array>): Uint8Array => {
  const zip = Buffer.from(zipSync(entries))
  const label = 'tessera sha256 '
  zip.writeUInt16LE(label.length + 64, zip.byteLength - 2)
  return Buffer.concat([zip, Buffer.from(label + sha256(zip))])
}
const entriesOf = ({ manifestBytes, listingBytes, blobs }: Pack): Record<string, Uint8Array> => ({
  'manifest.json': manifestBytes,
  'server.json': listingBytes,
  ...Object.fromEntries([...blobs].map(([digest, content]) => [`blobs/${digest}`, content])),
})

test('J5 what is packed is what is read, and the digest is that of the manifest', () => {
  const read = readArchive(archive)
  expect(read.digest).toBe(pack.digest)
  expect(read.digest).toBe(sha256(read.manifestBytes))
  expect([...read.blobs.keys()].sort()).toEqual([...pack.blobs.keys()].sort())
  expect(verifyArchive(archive)).toEqual([])
})

test('J3 every flipped bit is found, wherever it is, and nothing else is ever thrown', () => {
  for (let at = 0; at < archive.byteLength; at += archive.byteLength > 3_000 ? 3 : 1) {
    const altered = Uint8Array.from(archive)
    altered[at] = (altered[at] ?? 0) ^ (1 << (at % 8))
    expect(
      codeOf(() => readArchive(altered)),
      `byte ${at}`,
    ).toBe('PACKAGE_DAMAGED')
  }
})

test('J3 an archive cut short or grown anywhere is refused', () => {
  for (let length = 0; length < archive.byteLength; length += 7) expect(codeOf(() => readArchive(archive.subarray(0, length)))).toBe('PACKAGE_DAMAGED')
  expect(codeOf(() => readArchive(Buffer.concat([archive, Buffer.from([0])])))).toBe('PACKAGE_DAMAGED')
  expect(codeOf(() => readArchive(Buffer.concat([Buffer.from([0]), archive])))).toBe('PACKAGE_DAMAGED')
  expect(codeOf(() => readArchive(new Uint8Array(5_000)))).toBe('PACKAGE_DAMAGED')
})

const manifestWith = (change: object): Uint8Array => Buffer.from(canonicalJson({ ...pack.manifest, ...change }))
const entries = entriesOf(pack)
const [blob = ''] = [...pack.blobs.keys()].filter((digest) => (pack.blobs.get(digest)?.byteLength ?? 0) > 5)

test.each<[string, Record<string, Uint8Array>]>([
  ['a blob with other bytes under its name', { ...entries, [`blobs/${blob}`]: Buffer.from('other') }],
  ['a blob with as many other bytes under its name', { ...entries, [`blobs/${blob}`]: Buffer.alloc(pack.blobs.get(blob)?.byteLength ?? 0, 'x') }],
  ['a blob too many', { ...entries, [`blobs/${'0'.repeat(64)}`]: Buffer.from('planted') }],
  ['a blob too few', Object.fromEntries(Object.entries(entries).filter(([name]) => name !== `blobs/${blob}`))],
  ['an entry of another name', { ...entries, '../../etc/passwd': Buffer.from('x') }],
  ['a manifest that is not canonical', { ...entries, 'manifest.json': Buffer.from(JSON.stringify(pack.manifest, null, 1)) }],
  [
    'a manifest with a path that leads out',
    { ...entries, 'manifest.json': manifestWith({ client: { files: [{ path: '../out.js', sha256: blob, bytes: 1 }] } }) },
  ],
  [
    'a manifest with one path twice',
    { ...entries, 'manifest.json': manifestWith({ client: { files: [...pack.manifest.client.files, ...pack.manifest.client.files] } }) },
  ],
  [
    'a manifest with another size',
    { ...entries, 'manifest.json': manifestWith({ client: { files: pack.manifest.client.files.map((file) => ({ ...file, bytes: file.bytes + 1 })) } }) },
  ],
  ['a manifest of another format', { ...entries, 'manifest.json': manifestWith({ format: 2 }) }],
  ['the server listing of another package', { ...entries, 'server.json': smallPack('x').listingBytes.slice(1) }],
  ['a server listing with another count', { ...entries, 'manifest.json': manifestWith({ server: { ...pack.manifest.server, files: 1 } }) }],
  ['no manifest', Object.fromEntries(Object.entries(entries).filter(([name]) => name !== 'manifest.json'))],
])('J3, J5 %s is refused, though the archive itself is well made', async (_what, changed) => {
  expect(codeOf(() => readArchive(sealed(entries)))).toBe('accepted')
  expect(codeOf(() => readArchive(sealed(changed)))).toBe('PACKAGE_DAMAGED')
  const folder = join(await makeFolder(), 'unpacked')
  await expect(unpackArchive(sealed(changed), folder)).rejects.toMatchObject({ code: 'PACKAGE_DAMAGED' })
  await expect(access(folder)).rejects.toThrow()
})

test('J3 an archive that says it unpacks to more than a package may hold is refused before it is unpacked', () => {
  const bomb = Buffer.from(sealed(entries)).subarray(0, -79)
  const sizeField = bomb.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24
  bomb.writeUInt32LE(0x7fffffff, sizeField)
  const label = 'tessera sha256 '
  const resealed = Buffer.concat([bomb, Buffer.from(label + sha256(bomb))])
  expect(() => readArchive(resealed)).toThrow('would unpack to more than a package may hold')
})

test('J6 verifying names what is wrong', () => {
  const problems = verifyArchive(sealed({ ...entries, [`blobs/${blob}`]: Buffer.from('other') }))
  expect(problems.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['error package-damaged'])
  expect(problems[0]?.message).toContain('does not hold the bytes that were packed')
})

test('J6 unpacking puts whole folders in place, and leaves nothing beside them', async () => {
  const folder = await makeFolder()
  const { clientDirectory, digest } = await unpackArchive(archive, folder)
  expect(digest).toBe(pack.digest)
  expect((await readdir(folder)).sort()).toEqual(['client', 'server'])
  expect((await readdir(join(clientDirectory, 'resources'))).sort()).toEqual(['empty.txt', 'ñandú – 日本.txt'])
  await unpackArchive(archive, folder)
  expect((await readdir(folder)).sort()).toEqual(['client', 'server'])
})

test('J5 a change of any file, name or setting is another digest', () => {
  const halves = smallHalves()
  const digests = [
    halves,
    { ...halves, project: 'Other' },
    { ...halves, publication: 'Other' },
    { ...halves, kit: '0.2.0' },
    { ...halves, clientRange: { min: 1, max: 2 } },
    { ...halves, databaseMethods: [] },
    { ...halves, server: new Map([...halves.server, ['roles.json', Buffer.from('{}')] as const]) },
    { ...halves, client: new Map([...halves.client, ['new.js', Buffer.from('')] as const]) },
  ].map((input) => packHalves(input).digest)
  expect(new Set(digests).size).toBe(digests.length)
})
