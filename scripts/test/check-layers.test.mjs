import { describe, expect, test } from 'vitest'
import { repositoryRoot } from '../bootstrap/repository.mjs'
import { readWorkspace } from '../bootstrap/workspace.mjs'
import { checkLayers } from '../layers/check-layers.mjs'
import { isListed } from '../layers/table.mjs'
import { manifest, writeTree } from './write-tree.mjs'

const everything = Object.fromEntries(
  ['protocol', 'kit', 'core', 'project', 'runtime', 'db', 'api', 'client', 'remote', 'server'].map((name) => [`@tessera/${name}`, '*']),
)
const coreExports = { '.': './dist/index.js', './testing': './dist/testing.js', './contracts': './dist/contracts.js', './memory': './dist/memory.js' }
const workspace = {
  'packages/protocol/package.json': manifest('protocol'),
  'packages/kit/package.json': manifest('kit', { dependencies: everything, exports: { '.': './dist/index.js', './host': './dist/host.js' } }),
  'packages/core/package.json': manifest('core', { dependencies: everything, devDependencies: { vitest: '*' }, exports: coreExports }),
  'packages/project/package.json': manifest('project', { dependencies: everything }),
  'packages/runtime/package.json': manifest('runtime', { dependencies: everything }),
  'packages/api/package.json': manifest('api', { dependencies: everything }),
  'packages/client/package.json': manifest('client', { dependencies: everything, devDependencies: { '@trpc/server': '*' } }),
  'apps/server/package.json': manifest('server', { dependencies: { ...everything, '@tessera/web': '*' } }),
  'apps/web/package.json': manifest('web', { dependencies: everything }),
  'e2e/package.json': manifest('e2e', { devDependencies: everything }),
}

/** What the check says about a workspace with these files in it. */
const complaints = (files) => checkLayers(writeTree({ ...workspace, ...files })).violations.map(({ file, line, message }) => `${file}:${line} ${message}`)

describe('allowed', () => {
  test('nothing is said about imports that point down', () => {
    const files = {
      'packages/core/src/engine.ts': "import { z } from '@tessera/protocol'\nimport type { Session } from '@tessera/kit'\nimport { a } from './a.ts'",
      'packages/core/src/a.ts': 'export const a = 1',
      'packages/project/src/pack.ts': "import { readFile } from 'node:fs'\nimport { x } from '@tessera/core'",
      'packages/runtime/src/isolate.ts': "import { installKitHost } from '@tessera/kit/host'",
      'apps/server/src/main.ts': "import { connect } from '@tessera/client'\nimport { run } from '@tessera/remote'",
    }
    expect(complaints({ ...files, 'apps/remote/package.json': manifest('remote') })).toEqual([])
  })

  test('a test may use core/testing, its own package by name and devDependencies', () => {
    const text = "import { TestEngine } from '@tessera/core/testing'\nimport { connect } from '@tessera/client'\nimport { t } from '@trpc/server'"
    expect(complaints({ 'packages/client/src/connect.test.ts': text })).toEqual([])
  })

  test('two files may know each other by type alone, since nothing is left of it at run time', () => {
    expect(complaints({ 'packages/core/src/a.ts': "import type { B } from './b.ts'", 'packages/core/src/b.ts': "import { a } from './a.ts'" })).toEqual([])
  })
})

describe('refused', () => {
  /** @type {[string, Record<string, string>, string][]} */
  const cases = [
    [
      'an import that points up',
      { 'packages/core/src/a.ts': "import { x } from '@tessera/api'" },
      'packages/core/src/a.ts:1 packages/core may not import packages/api',
    ],
    [
      'a sibling',
      { 'packages/project/src/a.ts': "\nimport { x } from '@tessera/runtime'" },
      'packages/project/src/a.ts:2 packages/project may not import packages/runtime',
    ],
    ['core in the SDK', { 'packages/client/src/a.ts': "import type { E } from '@tessera/core'" }, 'packages/client may not import packages/core'],
    ['the console in the server', { 'apps/server/src/a.ts': "import { x } from '@tessera/web'" }, 'apps/server may not import apps/web'],
    ['a value over an edge of types', { 'packages/core/src/a.ts': "import { onServer } from '@tessera/kit'" }, 'may import only types of packages/kit'],
    [
      'an inline type, which is kept as an import',
      { 'packages/core/src/a.ts': "import { type Session } from '@tessera/kit'" },
      'may import only types of packages/kit',
    ],
    ['a value re-exported over an edge of types', { 'apps/web/src/a.ts': "export * from '@tessera/api'" }, 'may import only types of packages/api'],
    ['a dynamic import', { 'packages/core/src/a.ts': "const load = () => import('@tessera/api')" }, 'packages/core may not import packages/api'],
    ['an import() type', { 'packages/core/src/a.ts': "export type R = import('@tessera/api').R" }, 'packages/core may not import packages/api'],
    [
      'a deep import',
      { 'packages/api/src/a.ts': "import { x } from '@tessera/core/dist/engine.js'" },
      'is inside packages/core, which exports only ., ./testing',
    ],
    [
      'a way around the name',
      { 'packages/api/src/a.ts': "import { x } from '../../core/src/engine.ts'" },
      'reaches out of packages/api to packages/core/src/engine.ts',
    ],
    ['Node in core', { 'packages/core/src/a.ts': "import { readFileSync } from 'node:fs'" }, 'packages/core is free of Node, and node:fs is Node'],
    ['Node in core without its prefix', { 'packages/core/src/a.ts': "import { readFileSync } from 'fs'" }, 'packages/core is free of Node'],
    ['what nobody declared', { 'packages/core/src/a.ts': "import _ from 'lodash/fp'" }, 'lodash/fp is not declared in packages/core/package.json'],
    ['a devDependency in the product', { 'packages/client/src/a.ts': "import { t } from '@trpc/server'" }, '@trpc/server is only a devDependency'],
    [
      'test equipment in the product',
      { 'packages/project/src/a.ts': "import { TestClock } from '@tessera/core/testing'" },
      '@tessera/core/testing is for tests',
    ],
    [
      'the way behind the kit',
      { 'packages/project/src/a.ts': "import { installKitHost } from '@tessera/kit/host'" },
      'packages/project may not import packages/kit (@tessera/kit/host)',
    ],
    ['its own name', { 'packages/client/src/a.ts': "import { x } from '@tessera/client'" }, 'a package does not import itself by its name'],
    [
      'a test in the product',
      { 'packages/core/src/a.ts': "import { x } from './b.test.ts'", 'packages/core/src/b.test.ts': '' },
      'imports the test packages/core/src/b.test.ts',
    ],
    ['a package without a layer', { 'packages/misc/package.json': '{"name":"@tessera/misc"}' }, 'packages/misc stands in no layer'],
    [
      'a layer that is missing from the table, in a test too',
      { 'packages/core/src/a.test.ts': "import { x } from '@tessera/client'" },
      'packages/core may not import packages/client',
    ],
  ]
  test.each(cases)('%s', (_title, files, message) => {
    const found = complaints(files)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(message)
  })

  test('a circle, told as a way round', () => {
    const files = {
      'packages/core/src/a.ts': "import { b } from './b.ts'",
      'packages/core/src/b.ts': "import { c } from './deep/c.ts'",
      'packages/core/src/deep/c.ts': "export { a } from '../a.ts'",
    }
    expect(complaints(files)).toEqual([
      'packages/core/src/a.ts:1 imports go round: packages/core/src/a.ts -> packages/core/src/b.ts -> packages/core/src/deep/c.ts -> packages/core/src/a.ts',
    ])
  })

  test('a circle through a path alias and an import without ending', () => {
    const files = {
      'apps/web/tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } } // trailing comment',
      'apps/web/src/a.tsx': "import { b } from '@/b'",
      'apps/web/src/b.ts': "import { a } from './a'",
    }
    expect(complaints(files)).toEqual(['apps/web/src/a.tsx:1 imports go round: apps/web/src/a.tsx -> apps/web/src/b.ts -> apps/web/src/a.tsx'])
  })
})

test('every package of this repository stands in a layer', () => {
  expect(readWorkspace(repositoryRoot).filter(({ folder }) => !isListed(folder))).toEqual([])
})
