import { beforeAll, expect, test } from 'vitest'
import { type BuiltProject, buildProject } from '../src/build/build-project.ts'
import { readArchive } from '../src/package/archive.ts'
import type { Pack } from '../src/package/pack.ts'
import { builderOf, buildFolder, type Files, makeProject, serverMarker, smallest } from './project-folder.ts'

let built: BuiltProject
let pack: Pack

beforeAll(async () => {
  built = await buildProject(await makeProject())
  pack = readArchive(built.archive)
}, 60_000)

const textOf = (half: 'client' | 'server', path: string): string => {
  const files = half === 'client' ? pack.manifest.client.files : pack.listing.files
  const file = files.find((each) => each.path === path)
  return Buffer.from(pack.blobs.get(file?.sha256 ?? '') ?? []).toString()
}
const pathsOf = (half: 'client' | 'server'): string[] => (half === 'client' ? pack.manifest.client.files : pack.listing.files).map(({ path }) => path)

test('J2 no byte of the client half, source maps included, shows what only server code holds', () => {
  for (const { path, sha256 } of pack.manifest.client.files) expect(Buffer.from(pack.blobs.get(sha256) ?? []).includes(serverMarker), path).toBe(false)
  expect(Buffer.from(pack.manifestBytes).includes(serverMarker)).toBe(false)
  expect(pathsOf('server').filter((path) => textOf('server', path).includes(serverMarker)).length).toBeGreaterThan(3)
})

test('J2 the client half holds local methods, stubs, onStartup, what they import, and resources', () => {
  expect(pathsOf('client').filter((path) => !path.startsWith('vendor/'))).toEqual([
    'database/onStartup.js',
    'database/onStartup.js.map',
    'index.json',
    'lib/loud.js',
    'lib/loud.js.map',
    'methods/greet.js',
    'methods/greet.js.map',
    'methods/hello.js',
    'methods/orders/total.js',
    'package.json',
    'resources/logo.bin',
  ])
  expect(textOf('client', 'methods/orders/total.js')).toMatch(
    /^import { callsServer } from "\.\.\/\.\.\/vendor\/.*"\nexport default callsServer\("orders\/total"\)\n$/,
  )
})

test('J2 the server half holds all code, with an index of what can be run', () => {
  const index: unknown = JSON.parse(textOf('server', 'index.json'))
  expect(index).toEqual({
    format: 1,
    project: 'Sample',
    methods: [
      { name: 'greet', file: 'methods/greet.js' },
      { name: 'hello', file: 'methods/hello.js' },
      { name: 'orders/total', file: 'methods/orders/total.js' },
    ],
    database: [
      { name: 'onServerStartup', file: 'database/onServerStartup.js' },
      { name: 'onStartup', file: 'database/onStartup.js' },
    ],
  })
  expect(pathsOf('server')).toEqual(expect.arrayContaining(['roles.json', 'catalog.json', 'lib/secret.js', 'lib/secret.js.map', 'resources/logo.bin']))
  expect(JSON.parse(textOf('server', 'methods/orders/total.js.map'))).toMatchObject({ sourceRoot: '../../', sources: ['methods/orders/total.ts'] })
})

test('J2 the manifest says what the project says', () => {
  expect(pack.manifest).toMatchObject({ project: 'Sample', clientRange: { min: 2, max: 5 } })
  expect(pack.listing).toMatchObject({ publication: 'Sample', databaseMethods: ['onServerStartup', 'onStartup'] })
  expect(built.files).toBe(pack.manifest.client.files.length + pack.listing.files.length)
})

const method = "import { onServer } from '@tessera/kit'\n"

test.each<[string, Files, string]>([
  [
    'a call of onServer that is wrapped',
    { 'methods/a.ts': `${method}const wrap = <T>(value: T): T => value\nexport default wrap(onServer(() => 1))\n` },
    'methods/a.ts:3:21',
  ],
  ['onServer under another name', { 'methods/a.ts': `${method}const mine = onServer\nexport default mine(() => 1)\n` }, 'methods/a.ts:2:14'],
  [
    'the whole kit handed on',
    { 'methods/a.ts': "import * as kit from '@tessera/kit'\nconst { onServer } = kit\nexport default onServer(() => 1)\n" },
    'methods/a.ts:2:22',
  ],
  [
    'a re-export of the kit',
    { 'lib/kit.ts': "export * from '@tessera/kit'\n", 'methods/a.ts': "import { onServer } from '../lib/kit.ts'\nexport default onServer(() => 1)\n" },
    'lib/kit.ts:1:1',
  ],
  [
    'a lib that makes server methods',
    {
      'lib/make.ts': `${method}export const make = () => onServer(() => 1)\n`,
      'methods/a.ts': "import { make } from '../lib/make.ts'\nexport default make()\n",
    },
    'lib/make.ts:2:27',
  ],
  [
    'a database method of the server',
    {
      'database/onServerStartup.ts': 'export const x = 1\nexport default (): void => undefined\n',
      'database/onExit.ts': "import { x } from './onServerStartup.ts'\nexport default (): void => console.log(x)\n",
    },
    'database/onExit.ts:1:19',
  ],
  [
    'another export of a server method',
    {
      'methods/a.ts': `${method}export const x = 1\nexport default onServer(() => x)\n`,
      'methods/b.ts': "import { x } from './a.ts'\nexport default (): number => x\n",
    },
    'methods/b.ts:1:19',
  ],
])(
  'J2 %s is refused where it could reach a client',
  async (_what, files, place) => {
    const problems = await builderOf(await makeProject(smallest(files))).check()
    expect(problems.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`)).toEqual([`${place} server-code-in-client`])
  },
  60_000,
)

test.each([
  ['parentheses and satisfies', `${method}export default (onServer(() => 1) satisfies unknown)\n`],
  ['a namespace', "import * as kit from '@tessera/kit'\nexport default kit.onServer(() => 1)\n"],
  ['a constant exported by name', `${method}const a = onServer(() => 1)\nexport { a as default }\n`],
])(
  'J2 onServer is seen through %s',
  async (_what, text) => {
    const { manifest } = (await buildFolder(await makeProject(smallest({ 'methods/a.ts': `${text}// ${serverMarker}\n` })))).pack
    expect(manifest.client.files.map(({ path }) => path)).not.toContain('methods/a.js.map')
  },
  60_000,
)
