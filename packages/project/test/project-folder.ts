import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll } from 'vitest'
import { type Builder, createBuilder } from '../src/build/builder.ts'
import type { Libraries } from '../src/check/type-program.ts'
import { writeArchive } from '../src/package/archive.ts'
import type { Pack } from '../src/package/pack.ts'
import { removeFolder } from '../src/package/read-only-folder.ts'

const made: string[] = []

afterAll(async () => {
  for (const folder of made.splice(0)) await removeFolder(folder)
})

/** A new empty folder, removed after the tests of the file. */
export const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-project-'))
  made.push(folder)
  return folder
}

export type Files = Readonly<Record<string, string | Uint8Array>>

export const writeFiles = async (folder: string, files: Files): Promise<void> => {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

/** What only server code holds: no byte sent to clients may show it. */
export const serverMarker = 'MARKER-that-only-server-code-holds'

/** A project with something of everything. */
export const sample: Files = {
  'tessera.json': '{ "name": "Sample", "clientRange": { "min": 2, "max": 5 } }\n',
  'package.json': '{ "name": "sample", "private": true, "type": "module" }\n',
  'roles.json': '{ "privileges": [{ "privilege": "sales" }], "permissions": { "allowed": [] } }\n',
  'catalog.json':
    '{ "tables": [{ "name": "Orders", "number": 1, "fields": [{ "name": "id", "number": 1, "type": "int32" }], "primaryKey": ["id"] }], "relations": [], "indexes": [] }\n',
  'methods/hello.ts': `import { onServer, z } from '@tessera/kit'
import { secret } from '../lib/secret.ts'
export default onServer((name: string) => \`Hello, \${name}!\${secret.length === 0 ? '${serverMarker}' : ''}\`, { input: z.tuple([z.string()]) })
`,
  'methods/orders/total.ts': `import { onServer as server } from '@tessera/kit'
import { sum } from '../../lib/sum.ts'
const total = server(async (prices: readonly number[]): Promise<number> => sum(prices)) // ${serverMarker}
export default total
`,
  'methods/greet.ts': `import hello from './hello.ts'
import { loud } from '../lib/loud.js'
export default async (name: string): Promise<string> => loud(await hello(name))
`,
  'lib/secret.ts': `export const secret = '${serverMarker}'\n`,
  'lib/sum.ts': 'export const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)\n',
  'lib/loud.ts': "import { z } from 'zod'\nexport const loud = (text: string): string => z.string().parse(text).toUpperCase()\n",
  'database/onStartup.ts': `import { remote } from '@tessera/kit'
import greet from '../methods/greet.ts'
export default async (): Promise<void> => console.log(remote.sessionId, await greet('you'))
`,
  'database/onServerStartup.ts': `export default (): void => console.log('${serverMarker}')\n`,
  'resources/logo.bin': new Uint8Array([0, 1, 2, 253, 254, 255]),
  'README.md': 'A sample.\n',
}

export const makeProject = async (files: Files = sample): Promise<string> => {
  const folder = await makeFolder()
  await writeFiles(folder, files)
  return folder
}

/** The smallest project, with the files given. */
export const smallest = (files: Files = {}): Files => ({ 'tessera.json': '{ "name": "Small" }', ...files })

const libraries: Libraries = new Map()

/** Builders of one test file read the declarations of libraries once. */
export const builderOf = (folder: string): Builder => createBuilder(folder, libraries)

export const buildFolder = async (folder: string): Promise<{ archive: Uint8Array; pack: Pack }> => {
  const { pack } = await builderOf(folder).build()
  return { archive: writeArchive(pack), pack }
}
