import { access, chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asDigest, usualExecution } from '@tessera/core'
import { expect, test } from 'vitest'
import { packHalves } from '../src/package/pack.ts'
import { createPackageStore } from '../src/package/package-store.ts'
import { sha256 } from '../src/package/sha256.ts'
import { makeFolder } from './project-folder.ts'
import { smallHalves, smallPack } from './small-pack.ts'

const pack = smallPack()
const hello = 'methods/deep/down/hello.js'

const storeWithPack = async () => {
  const directory = await makeFolder()
  const store = createPackageStore(directory)
  return { directory, store, stored: await store.put(pack) }
}

const listAll = async (folder: string): Promise<string[]> => (await readdir(folder, { recursive: true })).map(String)

test('J5 a package is opened as it was put, with what the server needs to know of it', async () => {
  const { directory, stored } = await storeWithPack()
  expect(stored).toMatchObject({ digest: pack.digest, manifest: pack.manifest })
  expect(stored.facts).toMatchObject({ project: 'Small', publication: 'Small', databaseMethods: ['onServerStartup', 'onStartup'], catalog: null })
  expect(stored.facts.roles.privileges.has('sales')).toBe(true)
  expect(await readFile(join(stored.serverDirectory, hello), 'utf8')).toContain('SERVER ONLY')
  expect(await createPackageStore(directory).open(asDigest(pack.digest))).toEqual(stored)
})

test('X42 how its code is run goes with the package, and is the usual where it does not say', async () => {
  const store = createPackageStore(await makeFolder())
  const execution = { ...usualExecution, host: 'thread', placement: 'per-session', heapMb: 77 } as const
  expect((await store.put(packHalves({ ...smallHalves(), execution }))).facts.execution).toEqual(execution)
  expect((await store.put(pack)).facts.execution).toEqual(usualExecution)
})

test('A39 a package that was made when more was accepted in roles.json opens, closed to the web', async () => {
  const store = createPackageStore(await makeFolder())
  const halves = smallHalves()
  const twice = '{"privileges":[{"privilege":"sales"},{"privilege":"Sales"}]}'
  const { facts } = await store.put(packHalves({ ...halves, server: new Map([...halves.server, ['roles.json', Buffer.from(twice)] as const]) }))
  expect([[...facts.roles.privileges.keys()], facts.roles.restrictedByDefault]).toEqual([['sales'], true])
  expect(facts.roles.warnings).toMatchObject([{ severity: 'error' }, { severity: 'warning' }])
})

test('J8 unpacked files are read-only, and so are their folders', async () => {
  const { stored } = await storeWithPack()
  const modeOf = async (path: string): Promise<number> => (await stat(join(stored.serverDirectory, path))).mode & 0o777
  for (const path of await listAll(stored.serverDirectory)) {
    const isFolder = (await stat(join(stored.serverDirectory, path))).isDirectory()
    expect(await modeOf(path), path).toBe(isFolder ? 0o555 : 0o444)
  }
  expect(await modeOf('.')).toBe(0o555)
})

test.each<[string, (folder: string) => Promise<void>]>([
  ['altered', (folder) => writeFile(join(folder, hello), 'export default "EVIL!!!!!!!"')],
  ['missing', (folder) => rm(join(folder, hello))],
  ['added', (folder) => writeFile(join(folder, 'planted.js'), 'planted')],
  [
    'replaced by a link',
    async (folder) => {
      await rm(join(folder, hello))
      await symlink('/etc/hostname', join(folder, hello))
    },
  ],
])('J3, J8 a file that was %s in the unpacked folder is mended from the blobs at the next opening', async (_what, damage) => {
  const { directory, stored } = await storeWithPack()
  for (const path of ['.', 'methods/deep/down', hello]) await chmod(join(stored.serverDirectory, path), 0o755)
  await damage(stored.serverDirectory)
  const again = await createPackageStore(directory).open(stored.digest)
  expect(await readFile(join(again.serverDirectory, hello), 'utf8')).toBe('export default "SERVER ONLY"')
  await expect(access(join(again.serverDirectory, 'planted.js'))).rejects.toThrow()
  expect((await readdir(join(directory, 'packages/unpacked'))).sort()).toEqual([pack.digest])
})

test('J3 with a damaged blob the package is refused whole, and putting it again mends it', async () => {
  const { directory, store, stored } = await storeWithPack()
  const file = pack.listing.files.find(({ path }) => path === hello)
  const blob = join(directory, 'packages/blobs', String(file?.sha256.slice(0, 2)), String(file?.sha256))
  await writeFile(blob, 'EVIL')
  await chmod(stored.serverDirectory, 0o755)
  await writeFile(join(stored.serverDirectory, 'planted.js'), 'planted')
  await expect(store.open(stored.digest)).rejects.toMatchObject({ code: 'PACKAGE_DAMAGED' })
  await store.put(pack)
  expect(sha256(await readFile(blob))).toBe(file?.sha256)
  expect((await store.open(stored.digest)).digest).toBe(pack.digest)
})

test.each(['manifests', 'server'])('J3 a damaged %s file is refused', async (kind) => {
  const { directory, store, stored } = await storeWithPack()
  const path = join(directory, 'packages', kind, `${pack.digest}.json`)
  await writeFile(path, (await readFile(path, 'utf8')).replace('Small', 'Smaal').replace('index', 'indeX'))
  await expect(store.open(stored.digest)).rejects.toMatchObject({ code: 'PACKAGE_DAMAGED' })
})

test('J2 only blobs of client halves are handed out, also by a store that was opened again', async () => {
  const { directory, store } = await storeWithPack()
  for (const each of [store, createPackageStore(directory)]) {
    for (const file of pack.manifest.client.files) {
      const path = await each.readClientBlob(file.sha256)
      expect(sha256(await readFile(path ?? ''))).toBe(file.sha256)
    }
    const serverOnly = pack.listing.files.filter(({ sha256: digest }) => !pack.manifest.client.files.some((file) => file.sha256 === digest))
    expect(serverOnly.length).toBeGreaterThan(0)
    for (const file of serverOnly) expect(await each.readClientBlob(file.sha256)).toBeNull()
    for (const wrong of [pack.manifest.server.listing, pack.digest, '../../../etc/passwd', '']) expect(await each.readClientBlob(wrong)).toBeNull()
    expect(await each.readManifest('../manifests/x')).toBeNull()
    expect(sha256((await each.readManifest(pack.digest)) ?? '')).toBe(pack.digest)
  }
})

test('J6 putting leaves no temporary file, and two at once give one package', async () => {
  const { directory, store } = await storeWithPack()
  await Promise.all([store.put(smallPack('1')), store.put(smallPack('1')), store.put(smallPack('2'))])
  expect((await listAll(directory)).filter((path) => /\.(?:tmp|old)$/.test(path))).toEqual([])
  expect((await store.list()).length).toBe(3)
})

test('J6 what a killed process left half-written is removed by the next one', async () => {
  const { directory, stored } = await storeWithPack()
  const packages = join(directory, 'packages')
  await mkdir(join(packages, 'unpacked', `${pack.digest}.1.x.tmp`, 'methods'), { recursive: true })
  await writeFile(join(packages, 'unpacked', `${pack.digest}.1.x.tmp`, 'methods', 'half.js'), 'half', { mode: 0o444 })
  await writeFile(join(packages, 'manifests', `${pack.digest}.json.1.x.tmp`), 'half')
  await writeFile(join(packages, 'blobs', '00.tmp'), 'no folder')
  const [folder = ''] = (await readdir(join(packages, 'blobs'))).filter((name) => name.length === 2)
  await writeFile(join(packages, 'blobs', folder, 'x.tmp'), 'half')
  await createPackageStore(directory).open(stored.digest)
  expect((await listAll(packages)).filter((path) => path.includes('.x.tmp') || path.endsWith('/x.tmp'))).toEqual([])
})

test('J6 removing a package keeps what the others share, and forgets the rest', async () => {
  const { directory, store, stored } = await storeWithPack()
  const other = await store.put(smallPack('1'))
  await store.remove(stored.digest)
  await store.remove(asDigest('unknown'))
  await expect(store.open(stored.digest)).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' })
  expect((await store.open(other.digest)).digest).toBe(other.digest)
  const gone = pack.manifest.client.files.find(({ path }) => path === hello)?.sha256 ?? ''
  expect(await store.readClientBlob(gone)).toBeNull()
  await store.remove(other.digest)
  expect((await listAll(join(directory, 'packages/blobs'))).filter((path) => path.length > 2)).toEqual([])
})
