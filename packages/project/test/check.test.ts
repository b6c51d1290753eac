import { readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '@tessera/protocol'
import { beforeAll, expect, test } from 'vitest'
import { checkProject } from '../src/build/build-project.ts'
import type { Builder } from '../src/build/builder.ts'
import { builderOf, type Files, makeFolder, makeProject, sample, smallest, writeFiles } from './project-folder.ts'

const show = ({ file, line, column, severity, code }: Problem): string => `${file}:${line}:${column} ${severity} ${code}`

let folder: string
let builder: Builder

beforeAll(async () => {
  folder = await makeFolder()
  builder = builderOf(folder)
})

/** One folder and one builder for all, so that each case is also an edit of the one before. */
const check = async (files: Files): Promise<Problem[]> => {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
  await writeFiles(folder, smallest(files))
  return builder.check()
}

const kit = "import { onServer } from '@tessera/kit'\n"
const method = (text: string): string => `${kit}export default onServer(${text})\n`

test('J4 a sound project has no problems', async () => {
  expect(await builderOf(await makeProject()).check()).toEqual([])
}, 60_000)

test.each<[string, Files, string, string]>([
  ['a wrong type', { 'methods/a.ts': method('(n: number) =>\n  n.length') }, 'methods/a.ts:3:5 error type-error', "Property 'length' does not exist"],
  [
    'a module that is not there',
    { 'methods/a.ts': "import x from 'left-pad'\nexport default (): unknown => x\n" },
    'methods/a.ts:1:15 error type-error',
    "Cannot find module 'left-pad'",
  ],
  ['broken syntax', { 'lib/a.ts': 'export const a = \n' }, 'lib/a.ts:1:17 error type-error', 'Expression expected'],
  ['a method without default export', { 'methods/a.ts': 'export const a = 1\n' }, 'methods/a.ts:1:1 error missing-default-export', 'default export'],
  ['a trigger', { 'triggers/Orders.ts': '' }, 'triggers/Orders.ts:1:1 error unknown-file', 'does not publish triggers yet'],
  ['a data-model class', { 'classes/Orders.ts': '' }, 'classes/Orders.ts:1:1 error unknown-file', 'does not publish data-model classes yet'],
  ['a page', { 'pages/Home/index.html': '' }, 'pages/Home/index.html:1:1 error unknown-file', 'does not publish pages yet'],
  ['a component', { 'components/x/tessera.json': '' }, 'components/x/tessera.json:1:1 error unknown-file', 'does not publish components yet'],
  ['a web method', { 'database/onWebConnection.ts': '' }, 'database/onWebConnection.ts:1:1 error unknown-file', 'does not run onWebConnection yet'],
  [
    'a database method nobody knows',
    { 'database/onServerStartUp.ts': '' },
    'database/onServerStartUp.ts:1:1 error unknown-file',
    'there is no database method',
  ],
  ['code in JavaScript', { 'methods/a.js': '' }, 'methods/a.js:1:1 error unknown-file', 'written in .ts files'],
  ['data among methods', { 'methods/a.json': '{}' }, 'methods/a.json:1:1 error unknown-file', 'put this file in resources/'],
  ['a folder nobody knows', { 'docs/a.md': '' }, 'docs/a.md:1:1 warning unknown-file', 'left out'],
  ['a name that Windows cannot have', { 'resources/aux.txt': '' }, 'resources/aux.txt:1:1 error unknown-file', 'reserved'],
  [
    'an import of what no package holds',
    { 'resources/a.txt': '', 'lib/a.ts': "import '../docs/a.ts'\n" },
    'lib/a.ts:1:8 error import-not-found',
    'names nothing',
  ],
  [
    'an import nobody can follow',
    { 'lib/a.ts': 'export const load = (name: string): Promise<unknown> => import(name)\n' },
    'lib/a.ts:1:64 error computed-import',
    'plain text',
  ],
  ['broken JSON', { 'tessera.json': '{\n  "name": "Small",\n}' }, 'tessera.json:2:18 error tessera-json-invalid', 'a comma stands before'],
  ['settings without name', { 'tessera.json': '{}' }, 'tessera.json:1:1 error tessera-json-invalid', 'name is missing'],
  ['a setting nobody knows', { 'tessera.json': '{ "name": "S",\n  "prot": 1 }' }, 'tessera.json:2:3 error tessera-json-invalid', 'no member "prot"'],
  ['a port too high', { 'tessera.json': '{ "name": "S", "port": 70000 }' }, 'tessera.json:1:24 error tessera-json-invalid', 'port: '],
  [
    'an isolate that is neither process nor thread',
    { 'tessera.json': '{ "name": "S", "execution": { "host": "fork" } }' },
    'tessera.json:1:39 error tessera-json-invalid',
    'execution.host: ',
  ],
  [
    'a heap larger than all that may be resident',
    { 'tessera.json': '{ "name": "S", "execution": { "heapMb": 2048 } }' },
    'tessera.json:1:29 error tessera-json-invalid',
    'residentMb must be above heapMb',
  ],
  [
    'a range upside down',
    { 'tessera.json': '{ "name": "S", "clientRange": { "min": 3, "max": 2 } }' },
    'tessera.json:1:31 error tessera-json-invalid',
    'min must not be above max',
  ],
  [
    'a cron line that is none',
    {
      'tessera.json': '{ "name": "S", "schedules": [\n{ "name": "a", "cron": "0 25 * * *", "method": "m" }] }',
      'methods/m.ts': 'export default (): number => 1\n',
    },
    'tessera.json:2:24 error schedule-invalid',
    'is no cron line: Invalid value for hour: 25',
  ],
  [
    'a cron line of four fields',
    {
      'tessera.json': '{ "name": "S", "schedules": [\n{ "name": "a", "cron": "* * * *", "method": "m" }] }',
      'methods/m.ts': 'export default (): number => 1\n',
    },
    'tessera.json:2:24 error schedule-invalid',
    'five or six fields',
  ],
  [
    'a time that never comes',
    {
      'tessera.json': '{ "name": "S", "schedules": [\n{ "name": "a", "cron": "0 0 30 2 *", "method": "m" }] }',
      'methods/m.ts': 'export default (): number => 1\n',
    },
    'tessera.json:2:24 error schedule-invalid',
    'never comes',
  ],
  [
    'a time zone that there is not',
    {
      'tessera.json': '{ "name": "S", "schedules": [\n{ "name": "a", "cron": "0 3 * * *", "timeZone": "Europe/Atlantis", "method": "m" }] }',
      'methods/m.ts': 'export default (): number => 1\n',
    },
    'tessera.json:2:49 error schedule-invalid',
    'there is no time zone "Europe/Atlantis"',
  ],
  [
    'a schedule of a method that there is not',
    {
      'tessera.json': '{ "name": "S", "schedules": [\n{ "name": "a", "cron": "0 3 * * *", "method": "orders/m" }] }',
      'methods/m.ts': 'export default (): number => 1\n',
    },
    'tessera.json:2:47 error schedule-invalid',
    'there is no method "orders/m"',
  ],
  [
    'a broken roles.json',
    { 'roles.json': '{ "privileges": 1,\n "permissions": { "allowed": [] } }' },
    'roles.json:1:3 error roles-invalid',
    'must be an array',
  ],
  [
    'a roles.json with a comma too many',
    { 'roles.json': '{\n  "privileges": [],\n  "permissions": { "allowed": [{ "applyTo": "ds", "type": "datastore", "read": [], }] }\n}' },
    'roles.json:3:82 error roles-invalid',
    'a comma stands before "}"',
  ],
  [
    'an action of an earlier release in roles.json',
    { 'roles.json': '{ "privileges": [], "permissions": { "allowed": [\n{ "applyTo": "ds", "type": "datastore", "describe": [] }] } }' },
    'roles.json:2:41 warning roles-doubtful',
    'has no effect',
  ],
  ['a broken tsconfig.json', { 'tsconfig.json': '{ "compilerOptions": { "target": "ES1" } }' }, 'tsconfig.json:1:1 error type-error', 'target'],
  [
    'a top-level let',
    { 'lib/a.ts': 'export let count = 0\n', 'methods/a.ts': "import { count } from '../lib/a.ts'\nexport default (): number => count\n" },
    'lib/a.ts:1:12 warning mutable-module-state',
    'count is a top-level let',
  ],
  [
    'a top-level Map',
    { 'methods/a.ts': 'const seen = new Map<string, number>()\nexport default (): number => seen.size\n' },
    'methods/a.ts:1:7 warning mutable-module-state',
    'declare it ReadonlyMap',
  ],
  [
    'a top-level array',
    { 'methods/a.ts': 'const seen: string[] = []\nexport default (): number => seen.length\n' },
    'methods/a.ts:1:7 warning mutable-module-state',
    'as const',
  ],
  [
    'a top-level object that is changed',
    { 'methods/a.ts': 'const state = { n: 0 }\nexport default (): number => state.n++\n' },
    'methods/a.ts:1:7 warning mutable-module-state',
    'this module changes',
  ],
  [
    'a static property',
    { 'methods/a.ts': 'class A {\n  static n = 0\n}\nexport default (): number => A.n\n' },
    'methods/a.ts:2:3 warning mutable-module-state',
    'static',
  ],
  [
    'a function as argument',
    { 'methods/a.ts': method('(done: () => void) => done()') },
    'methods/a.ts:2:26 error not-storable-export',
    'the argument done is a function',
  ],
  ['a Map as result', { 'methods/a.ts': method('(): Map<string, number> => new Map()') }, 'methods/a.ts:2:29 error not-storable-export', 'the result is a Map'],
  [
    'a class in a list in an object',
    { 'methods/a.ts': `class Order { total = 1 }\n${kit}export default onServer(async (of: { orders: Order[] }) => of.orders.length)\n` },
    'methods/a.ts:3:32 error not-storable-export',
    'an instance of the class Order at orders[]',
  ],
  ['a symbol', { 'methods/a.ts': method('(key: symbol | string) => String(key)') }, 'methods/a.ts:2:26 error not-storable-export', 'is a symbol'],
  [
    'a promise inside the result',
    { 'methods/a.ts': method('() => ({ later: Promise.resolve(1) })') },
    'methods/a.ts:2:25 error not-storable-export',
    'a Promise at later',
  ],
  [
    'an Open Connection that answers a text',
    { 'database/onServerOpenConnection.ts': "export default (): string => 'no'\n" },
    'database/onServerOpenConnection.ts:1:16 error database-method-signature',
    'must answer a number',
  ],
  [
    'an Open Connection that wants a text',
    { 'database/onServerOpenConnection.ts': 'export default (user: string): number => user.length\n' },
    'database/onServerOpenConnection.ts:1:17 error database-method-signature',
    'called with a number',
  ],
  [
    'a start-up that wants arguments',
    { 'database/onServerStartup.ts': 'export default (n: number): void => console.log(n)\n' },
    'database/onServerStartup.ts:1:17 error database-method-signature',
    'called with no arguments',
  ],
  [
    'a database method that is no function',
    { 'database/onExit.ts': 'export default 1\n' },
    'database/onExit.ts:1:1 error database-method-signature',
    'must be a function',
  ],
])(
  'J4 %s is found where it stands',
  async (_what, files, place, message) => {
    const problems = await check(files)
    expect(problems.map(show)).toEqual([place])
    expect(problems[0]?.message).toContain(message)
  },
  60_000,
)

test('J4 what can travel, and state that is none, is let through', async () => {
  const problems = await check({
    'methods/a.ts': `import { onServer, type Storable } from '@tessera/kit'
interface Line { readonly price: number; at?: Date; bytes: Uint8Array; big: bigint; parent?: Line | null; tags: readonly string[]; more: Record<string, Storable> }
type Id = string & { readonly brand: unique symbol }
const days = ['Mon', 'Tue'] as const
const names: ReadonlyMap<string, number> = new Map([['a', 1]])
const fixed = { a: 1 }
export default onServer(async <T extends string>(lines: Line[], id: Id, kind: T, anything: unknown, ...rest: [number, boolean?][]): Promise<Partial<Line>[] | undefined> =>
  lines.slice(days.length + names.size + fixed.a + id.length + kind.length + rest.length + Number(anything)))
`,
    'database/onServerOpenConnection.ts':
      'export default async (userId: number, connectionId: number, zero: 0): Promise<number | { code: number; text?: string } | undefined> => userId > connectionId ? { code: 1, text: "no" } : zero\n',
    'database/onServerCloseConnection.ts': 'export default (userId: number): void => console.log(userId)\n',
    'database/onStartup.ts': 'let started = false\nexport default (): void => { started = !started }\n',
  })
  expect(problems).toEqual([])
}, 60_000)

test('J4 all problems are told at once, in order of place, with project-relative paths', async () => {
  const folder = await makeProject({
    ...smallest(),
    'tessera.json': '{}',
    'methods/b.ts': 'export const b: number = "b"\n',
    'methods/a.ts': 'let a = 1\nexport default (): number => a\n',
    'triggers/x.ts': '',
  })
  await symlink('/etc/hostname', join(folder, 'resources'))
  const problems = await builderOf(folder).check()
  expect(problems.map(show)).toEqual([
    'methods/a.ts:1:5 warning mutable-module-state',
    'methods/b.ts:1:1 error missing-default-export',
    'methods/b.ts:1:14 error type-error',
    'resources:1:1 error link-refused',
    'tessera.json:1:1 error tessera-json-invalid',
    'triggers/x.ts:1:1 error unknown-file',
  ])
  expect(JSON.stringify(problems)).not.toContain(folder)
  await expect(builderOf(folder).build()).rejects.toMatchObject({ code: 'PROJECT_INVALID', problems: expect.arrayContaining(problems) })
}, 60_000)

test('J4 an edit of one file is seen in the files that use it, and its repair too', async () => {
  const folder = await makeProject()
  const builder = builderOf(folder)
  expect(await builder.check()).toEqual([])
  await writeFile(
    join(folder, 'lib/sum.ts'),
    'export const sum = (values: readonly string[]): Map<string, number> => new Map(values.map((value) => [value, 1]))\n',
  )
  expect((await builder.check()).map(show)).toEqual(['methods/orders/total.ts:3:76 error type-error', 'methods/orders/total.ts:3:80 error type-error'])
  await writeFile(join(folder, 'lib/sum.ts'), String(sample['lib/sum.ts']))
  expect(await builder.check()).toEqual([])
}, 60_000)

test('J4 a type that can no longer travel is found where it is used, in another file than was edited', async () => {
  const folder = await makeProject(
    smallest({
      'lib/order.ts': 'export interface Order { id: number }\n',
      'methods/a.ts': `import type { Order } from '../lib/order.ts'\n${method('(order: Order) => order.id')}`,
    }),
  )
  const builder = builderOf(folder)
  expect(await builder.check()).toEqual([])
  await writeFile(join(folder, 'lib/order.ts'), 'export interface Order { id: number; save(): void }\n')
  expect((await builder.check()).map(show)).toEqual(['methods/a.ts:3:26 error not-storable-export'])
}, 60_000)

test('J4 a folder without project is not found', async () => {
  await expect(checkProject(await makeFolder())).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  await expect(checkProject(join(await makeFolder(), 'missing'))).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
})

test('J10 a method has the path of its file as name, whatever its letters', async () => {
  const folder = await makeProject(smallest({ 'methods/Ventas/año nuevo.ts': method('() => 1'), 'methods/日本.ts': method('() => 2') }))
  const { manifest } = (await builderOf(folder).build()).pack
  expect(manifest.client.files.map(({ path }) => path).filter((path) => path.startsWith('methods/'))).toEqual([
    'methods/Ventas/año nuevo.js',
    'methods/日本.js',
  ])
}, 60_000)

test('J10 two names that differ by case only are refused', async () => {
  const problems = await check({ 'methods/Hello.ts': method('() => 1'), 'methods/hello.ts': method('() => 2') })
  expect(problems.map(show)).toContain('methods/hello.ts:1:1 error name-clash')
}, 60_000)

const scheduled = (schedules: readonly object[]): Files => ({
  'tessera.json': JSON.stringify({ name: 'S', schedules }),
  'methods/m.ts': 'export default (): number => 1\n',
})

test('J23 names of schedules are each there once, and none starts with $', async () => {
  const m = { cron: '0 3 * * *', method: 'm' }
  const problems = await check(
    scheduled([
      { name: 'a', ...m },
      { name: 'b', ...m },
      { name: 'a', ...m },
      { name: '$c', ...m },
    ]),
  )
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    ['schedule-invalid', 'there is another schedule named "a"'],
    ['schedule-invalid', expect.stringContaining('cannot start with $')],
  ])
})

test('J20 every cron line that is none is told, and good ones are in the package', async () => {
  const bad = await check(
    scheduled([
      { name: 'a', cron: 'soon', method: 'm' },
      { name: 'b', cron: '@daily', method: 'm' },
    ]),
  )
  expect(bad.map(({ message }) => message)).toEqual([expect.stringContaining('"soon" is no cron line'), expect.stringContaining('"@daily" is no cron line')])
  expect(await check(scheduled([{ name: 'a', cron: '*/10 8-18 * * MON-FRI', timeZone: 'Europe/Madrid', method: 'm', args: [1] }]))).toEqual([])
  expect((await builder.build()).pack.listing.schedules).toEqual([
    { name: 'a', cron: '*/10 8-18 * * MON-FRI', timeZone: 'Europe/Madrid', method: 'm', args: '[1]' },
  ])
})

test('J21 a time zone that there is not is told, whatever the cron line', async () => {
  expect(await check(scheduled([{ name: 'a', cron: 'soon', timeZone: 'Here', method: 'm' }]))).toMatchObject([
    { file: 'tessera.json', code: 'schedule-invalid', message: 'there is no time zone "Here"' },
  ])
})

test('J22 a method that there is not is told beside what else is wrong, and a method in a folder is found', async () => {
  const problems = await check(scheduled([{ name: 'a', cron: 'soon', method: 'n' }]))
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('"soon"'), 'there is no method "n"'])
  const settings = JSON.stringify({ name: 'S', schedules: [{ name: 'a', cron: '0 3 * * *', method: 'orders/m' }] })
  expect(await check({ 'tessera.json': settings, 'methods/orders/m.ts': 'export default (): number => 1\n' })).toEqual([])
})
