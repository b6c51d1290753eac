import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseRoles } from '@tessera/core'
import { expect, test } from 'vitest'
import { checkProject } from '../src/build/build-project.ts'
import { createProjectSource } from '../src/build/project-source.ts'
import { newProject } from '../src/folder/new.ts'
import { createPackageStore } from '../src/package/package-store.ts'
import { makeFolder } from './project-folder.ts'

test('J7 a new project checks without a problem, and its package runs', async () => {
  const folder = join(await makeFolder(), 'My first shop')
  const { name } = await newProject(folder)
  expect(name).toBe('My first shop')
  expect(await checkProject(folder)).toEqual([])
  const source = createProjectSource(folder, createPackageStore(await makeFolder()))
  try {
    const { package: stored, warnings } = await source.build()
    expect(warnings).toEqual([])
    const { default: hello } = await import(/* @vite-ignore */ pathToFileURL(join(stored.serverDirectory, 'methods/hello.js')).href)
    expect(await hello('Ada')).toBe('Hello, Ada!')
  } finally {
    await source.close()
  }
}, 60_000)

test('J7 no file of a new project names a place on this machine, and its roles are those of a new 4D project', async () => {
  const folder = join(await makeFolder(), 'shop')
  const { files } = await newProject(folder, { name: 'Shop' })
  expect(files).toEqual([
    '.gitignore',
    '.tessera.schema.json',
    'README.md',
    'database/onStartup.ts',
    'methods/hello.ts',
    'package.json',
    'roles.json',
    'tessera.json',
    'tsconfig.json',
  ])
  for (const file of files) expect(await readFile(join(folder, file), 'utf8')).not.toMatch(/\/(?:tmp|home|root|work|Users)\//)
  const roles = await readFile(join(folder, 'roles.json'), 'utf8')
  expect(parseRoles(roles).warnings).toEqual([])
  expect(JSON.parse(roles)).toMatchObject({ privileges: [], roles: [], restrictedByDefault: false, forceLogin: false })
})

test('K40 the tessera.json of a new project names its JSON schema, which stands beside it', async () => {
  const folder = join(await makeFolder(), 'shop')
  await newProject(folder)
  const { $schema } = JSON.parse(await readFile(join(folder, 'tessera.json'), 'utf8')) as { $schema: string }
  const schema = JSON.parse(await readFile(join(folder, $schema), 'utf8')) as { properties: Record<string, { description?: string }>; required: string[] }
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['$schema', 'name', 'port', 'execution', 'schedules', 'callLog']))
  expect(schema.properties['schedules']?.description).toMatch(/clock/)
  expect(schema.required).toEqual(['name'])
})

test('J7 a folder that holds something is left alone', async () => {
  const folder = await makeFolder()
  await writeFile(join(folder, 'mine.txt'), 'mine')
  await expect(newProject(folder, { name: 'Shop' })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
  await expect(newProject(join(folder, 'mine.txt'))).rejects.toMatchObject({ code: 'ALREADY_EXISTS' })
  expect(await readdir(folder)).toEqual(['mine.txt'])
})

test.each(['', '  ', '../x', '-x', 'a/b', 'a\u0000b', 'x'.repeat(101)])('J7 %j is no name for a project', async (name) => {
  const folder = join(await makeFolder(), 'shop')
  await expect(newProject(folder, { name })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})
