import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClientCache } from '../src/package/client-cache.ts'
import type { Pack } from '../src/package/pack.ts'
import { totalBytes } from '../src/package/pack.ts'
import { writeReadOnlyFolder } from '../src/package/read-only-folder.ts'
import { makeFolder } from './project-folder.ts'
import { smallPack } from './small-pack.ts'

const hello = 'methods/deep/down/hello.js'

/** A server that has the given packages, and counts what it is asked for. */
const serverOf = (...packs: Pack[]) => {
  const asked: string[] = []
  const need = (content: Uint8Array | undefined, name: string): Uint8Array => {
    asked.push(name)
    if (content === undefined) throw new Error(`the server has no ${name}`)
    return content
  }
  return {
    asked,
    fetchManifest: async (digest: string) => need(packs.find((pack) => pack.digest === digest)?.manifestBytes, digest),
    fetchBlob: async (digest: string) =>
      need(
        packs.map(({ blobs }) => blobs.get(digest)).find((content) => content !== undefined),
        digest,
      ),
  }
}

const pack = smallPack()

test('J5, J8 the client half is downloaded, checked and unpacked read-only', async () => {
  const directory = await makeFolder()
  const server = serverOf(pack)
  const fractions: number[] = []
  const opened = await createClientCache({ directory, ...server }).open(pack.digest, (fraction) => fractions.push(fraction))
  expect(opened).toMatchObject({ directory: join(directory, pack.digest), manifest: pack.manifest, downloadedBytes: totalBytes(pack.manifest.client.files) })
  expect(await readFile(join(opened.directory, hello), 'utf8')).toBe("export default 'stub'")
  expect((await stat(join(opened.directory, hello))).mode & 0o777).toBe(0o444)
  expect((await stat(opened.directory)).mode & 0o777).toBe(0o555)
  expect(fractions.at(-1)).toBe(1)
  expect(server.asked).not.toContain(pack.manifest.server.listing)
})

test('J9 a new version fetches only what changed, and an open one nothing', async () => {
  const directory = await makeFolder()
  const next = smallPack('// edited')
  const server = serverOf(pack, next)
  const cache = createClientCache({ directory, ...server })
  await cache.open(pack.digest)
  server.asked.length = 0
  expect((await cache.open(pack.digest)).downloadedBytes).toBe(0)
  expect(server.asked).toEqual([])
  await cache.open(next.digest)
  expect(server.asked).toEqual([next.digest, next.manifest.client.files.find(({ path }) => path === hello)?.sha256])
})

test('J3 other bytes than those packed are refused, and nothing is unpacked', async () => {
  const directory = await makeFolder()
  const server = serverOf(pack)
  const evil = { ...server, fetchBlob: async () => Buffer.from('EVIL') }
  await expect(createClientCache({ directory, ...evil }).open(pack.digest)).rejects.toMatchObject({
    code: 'PACKAGE_DAMAGED',
    message: expect.stringContaining('the server sent other bytes'),
  })
  expect(await readdir(directory)).toEqual(['manifests'])
  const other = { ...server, fetchManifest: async () => smallPack('x').manifestBytes }
  await expect(createClientCache({ directory: join(directory, 'two'), ...other }).open(pack.digest)).rejects.toMatchObject({ code: 'PACKAGE_DAMAGED' })
  expect(await readdir(directory)).not.toContain(pack.digest)
  await expect(createClientCache({ directory, ...server }).open('../x')).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' })
})

test('J6 a download that was cut goes on where it stopped', async () => {
  const directory = await makeFolder()
  const server = serverOf(pack)
  let left = 2
  const flaky = {
    ...server,
    fetchBlob: async (digest: string) => {
      if (left-- <= 0) throw new Error('the line was cut')
      return server.fetchBlob(digest)
    },
  }
  await expect(createClientCache({ directory, ...flaky }).open(pack.digest)).rejects.toThrow('the line was cut')
  expect(await readdir(directory)).not.toContain(pack.digest)
  server.asked.length = 0
  await createClientCache({ directory, ...server }).open(pack.digest)
  expect(server.asked.length).toBe(pack.manifest.client.files.length - 2)
})

test('J6 many at once, as in several processes, give one whole folder and leave nothing beside it', async () => {
  const directory = await makeFolder()
  const opened = await Promise.all(Array.from({ length: 6 }, () => createClientCache({ directory, ...serverOf(pack) }).open(pack.digest)))
  expect(new Set(opened.map((each) => each.directory)).size).toBe(1)
  expect((await readdir(directory)).sort()).toEqual([pack.digest, 'blobs', 'manifests'].sort())
})

test('J6 a folder that is whole stays in place when a second process comes with the same', async () => {
  const directory = await makeFolder()
  const opened = await createClientCache({ directory, ...serverOf(pack) }).open(pack.digest)
  const { ino } = await stat(opened.directory)
  await writeReadOnlyFolder(opened.directory, pack.manifest.client.files, async (file) => pack.blobs.get(file.sha256) ?? new Uint8Array())
  expect((await stat(opened.directory)).ino).toBe(ino)
  expect((await readdir(directory)).sort()).toEqual([pack.digest, 'blobs', 'manifests'].sort())
})

test('J3, J8 a folder that somebody altered is unpacked anew', async () => {
  const directory = await makeFolder()
  const cache = createClientCache({ directory, ...serverOf(pack) })
  const opened = await cache.open(pack.digest)
  await chmod(join(opened.directory, hello), 0o644)
  await writeFile(join(opened.directory, hello), 'EVIL')
  await rm(join(directory, 'blobs'), { recursive: true })
  await cache.open(pack.digest)
  expect(await readFile(join(opened.directory, hello), 'utf8')).toBe("export default 'stub'")
})
