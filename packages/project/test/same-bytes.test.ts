import { execFile } from 'node:child_process'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { type BuiltProject, buildProject } from '../src/build/build-project.ts'
import { readArchive } from '../src/package/archive.ts'
import { packHalves } from '../src/package/pack.ts'
import { sha256 } from '../src/package/sha256.ts'
import { unpackArchive } from '../src/package/unpack.ts'
import { builderOf, buildFolder, type Files, makeFolder, makeProject, sample, serverMarker, smallest, writeFiles } from './project-folder.ts'

let folder: string
let built: BuiltProject

beforeAll(async () => {
  folder = await makeProject()
  built = await buildProject(folder)
}, 60_000)

test('J1 another folder, written in another order at another time, with junk in it, gives the same bytes', async () => {
  const deeper = join(await makeFolder(), 'a much deeper', 'folder', 'elsewhere')
  await writeFiles(deeper, Object.fromEntries(Object.entries(sample).reverse()))
  for (const path of Object.keys(sample)) await utimes(join(deeper, path), new Date(2001, 1, 3), new Date(2011, 5, 7))
  await mkdir(join(deeper, '.tessera'))
  for (const junk of ['.DS_Store', 'resources/Thumbs.db', 'methods/hello.ts~', 'methods/.hello.ts.swp', '.tessera/tessera.db']) {
    await writeFile(join(deeper, junk), 'junk')
  }
  const other = await buildFolder(deeper)
  expect(other.pack.digest).toBe(built.digest)
  expect(Buffer.compare(other.archive, built.archive)).toBe(0)
}, 60_000)

test('J1 another time zone, umask and working directory give the same bytes', async () => {
  const child = fileURLToPath(new URL('./child-digest.mjs', import.meta.url))
  const run = promisify(execFile)
  for (const [zone, umask] of [
    ['Pacific/Kiritimati', 0o077],
    ['America/Los_Angeles', 0],
  ] as const) {
    const { stdout } = await run(process.execPath, [child, folder, String(umask)], { env: { ...process.env, TZ: zone }, cwd: tmpdir() })
    expect(stdout).toBe(`${built.digest} ${sha256(built.archive)}`)
  }
}, 120_000)

test('J1 no byte tells where the project or the installation lies', () => {
  const { blobs } = readArchive(built.archive)
  const places = [folder, tmpdir(), homedir(), process.cwd(), fileURLToPath(new URL('../../..', import.meta.url)), 'node_modules/.pnpm']
  for (const content of blobs.values()) for (const place of places) expect(Buffer.from(content).includes(`${place}/`), place).toBe(false)
})

test('J1 the order in which files are given does not matter', () => {
  const files = [
    ['b/z.js', Buffer.from('1')],
    ['B.js', Buffer.from('2')],
    ['a.js', Buffer.from('1')],
  ] as const
  const packOf = (half: typeof files | [...typeof files]) =>
    packHalves({ project: 'P', publication: 'P', kit: '1', clientRange: { min: 1, max: 1 }, databaseMethods: [], client: new Map(half), server: new Map(half) })
  const pack = packOf(files)
  expect(pack.manifest.client.files.map(({ path }) => path)).toEqual(['B.js', 'a.js', 'b/z.js'])
  expect(packOf([files[2], files[1], files[0]] as unknown as typeof files).digest).toBe(pack.digest)
})

test('J9 one edit changes one small file of the package, and its source map', async () => {
  const project = await makeProject()
  const builder = builderOf(project)
  const before = (await builder.build()).pack
  await writeFile(join(project, 'methods/greet.ts'), `${String(sample['methods/greet.ts'])}// one more line\n`)
  const after = (await builder.build()).pack
  expect(after.digest).not.toBe(before.digest)
  const changed = (one: typeof before.manifest.client.files, other: typeof one) =>
    other.filter((file) => !one.some(({ path, sha256: digest }) => path === file.path && digest === file.sha256))
  const [client, server] = [changed(before.manifest.client.files, after.manifest.client.files), changed(before.listing.files, after.listing.files)]
  expect(client.map(({ path }) => path)).toEqual(['methods/greet.js.map'])
  expect(server.map(({ path }) => path)).toEqual(['methods/greet.js.map'])
  expect(client.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(1_000)
}, 60_000)

test('J9 an import of one more name of the kit changes a small module, and leaves zod as it is', async () => {
  const project = await makeProject()
  const builder = builderOf(project)
  const before = (await builder.build()).pack
  await writeFile(
    join(project, 'lib/sum.ts'),
    "import { session } from '@tessera/kit'\nexport const sum = (values: readonly number[]): number => values.length + (session()?.id.length ?? 0)\n",
  )
  const after = (await builder.build()).pack
  const shipped = after.listing.files.filter(
    ({ path, sha256: digest }) => path.startsWith('vendor/') && !before.listing.files.some((file) => file.sha256 === digest),
  )
  expect(shipped.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(20_000)
  expect(after.listing.files.some(({ bytes }) => bytes > 100_000)).toBe(true)
  expect(before.blobs.size).toBe(after.blobs.size)
}, 60_000)

test('J9 nothing is built again while nothing changed', async () => {
  const project = await makeProject()
  const builder = builderOf(project)
  const steps: string[] = []
  const first = await builder.build((step) => steps.push(step))
  expect(steps).toEqual(['read', 'check', 'compile', 'pack', 'pack'])
  expect(await builder.build()).toBe(first)
}, 60_000)

test('J1, J2 dependencies are bundled for the half that imports them, the same in every folder, and run there', async () => {
  const withDependencies: Files = {
    ...smallest(),
    'package.json': '{ "name": "small", "dependencies": { "old-style": "1.0.0", "new-style": "1.0.0" } }',
    'node_modules/old-style/package.json': '{ "name": "old-style", "version": "1.0.0", "main": "main.js" }',
    'node_modules/old-style/main.js': `const { basename } = require('path')\nexports.last = (path) => basename(path) + '${serverMarker}'\n`,
    'node_modules/old-style/main.d.ts': 'export declare const last: (path: string) => string\n',
    'node_modules/new-style/package.json':
      '{ "name": "new-style", "version": "1.0.0", "type": "module", "exports": { ".": { "types": "./main.d.ts", "default": "./main.js" } } }',
    'node_modules/new-style/main.js': 'export const twice = (text) => text + text\nexport default twice\n',
    'node_modules/new-style/main.d.ts': 'export declare const twice: (text: string) => string\nexport default twice\n',
    'methods/last.ts': "import { onServer } from '@tessera/kit'\nimport { last } from 'old-style'\nexport default onServer((path: string) => last(path))\n",
    'methods/twice.ts': "import twice from 'new-style'\nexport default (text: string): string => twice(text)\n",
  }
  const one = await buildFolder(await makeProject(withDependencies))
  const deeper = join(await makeFolder(), 'somewhere', 'else')
  await writeFiles(deeper, withDependencies)
  expect((await buildFolder(deeper)).pack.digest).toBe(one.pack.digest)
  const { clientDirectory, serverDirectory } = await unpackArchive(one.archive, await makeFolder())
  const run = async (folder: string, file: string, argument: string): Promise<unknown> => {
    const { default: method } = await import(/* @vite-ignore */ pathToFileURL(join(folder, file)).href)
    return method(argument)
  }
  expect(await run(serverDirectory, 'methods/last.js', 'a/b')).toBe(`b${serverMarker}`)
  expect(await run(clientDirectory, 'methods/twice.js', 'ab')).toBe('abab')
  const { manifest, blobs } = readArchive(one.archive)
  for (const { sha256: digest } of manifest.client.files) expect(Buffer.from(blobs.get(digest) ?? []).includes(serverMarker)).toBe(false)
}, 60_000)
