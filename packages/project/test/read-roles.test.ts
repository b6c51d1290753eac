import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProjectSource } from '../src/build/project-source.ts'
import { createPackageStore } from '../src/package/package-store.ts'
import { makeFolder, makeProject, sample } from './project-folder.ts'

const sourceOf = async (folder: string) => createProjectSource(folder, createPackageStore(await makeFolder()))

const privilegesOf = async (source: Awaited<ReturnType<typeof sourceOf>>): Promise<string[] | null> => {
  const roles = await source.roles()
  return roles && [...roles.privileges.values()].map(({ name }) => name)
}

test('A34 roles.json is read alone, as it is now, whatever the code beside it', async () => {
  const folder = await makeProject({ ...sample, 'methods/broken.ts': 'export default (): number => "text"\n' })
  const source = await sourceOf(folder)
  const file = join(folder, 'roles.json')
  expect(await privilegesOf(source)).toEqual(['sales'])
  await writeFile(file, '\ufeff{ "privileges": [{ "privilege": "Größe" }], "permissions": { "allowed": [] } }')
  expect(await privilegesOf(source)).toEqual(['Größe'])
  await rm(file)
  expect(await privilegesOf(source)).toBeNull()
  await source.close()
})

test('A35 a roles.json that cannot be read is refused with its place, and a project that is gone is told as such', async () => {
  const folder = await makeProject()
  const source = await sourceOf(folder)
  const file = join(folder, 'roles.json')
  const refused = (message: string, line = 1) => ({
    code: 'ROLES_INVALID',
    problems: [expect.objectContaining({ file: 'roles.json', line, message: expect.stringContaining(message) })],
  })
  await writeFile(file, '{\n  "privileges": [],\n}')
  await expect(source.roles()).rejects.toMatchObject(refused('a comma stands before "}"', 2))
  await writeFile(file, new Uint8Array([0x7b, 0xff, 0x7d]))
  await expect(source.roles()).rejects.toMatchObject(refused('not UTF-8'))
  await rm(file)
  await symlink(join(folder, 'tessera.json'), file)
  await expect(source.roles()).rejects.toMatchObject(refused('links are not followed'))
  await rm(file)
  await mkdir(file)
  await expect(source.roles()).rejects.toMatchObject(refused('it is no file'))
  await rm(folder, { recursive: true })
  await expect(source.roles()).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  await source.close()
})

test('A38 ten megabytes, and ten gigabytes, are refused without being read', async () => {
  const folder = await makeProject()
  const source = await sourceOf(folder)
  const file = join(folder, 'roles.json')
  for (const bytes of [10_000_000, 10_000_000_000]) {
    await truncate(file, bytes)
    await expect(source.roles()).rejects.toMatchObject({ code: 'ROLES_INVALID', problems: [{ line: 1, message: expect.stringContaining('at most 1048576') }] })
  }
  await source.close()
})

test('A37 the package of the folder has the roles that were read alone', async () => {
  const folder = await makeProject()
  const source = await sourceOf(folder)
  const alone = await source.roles()
  const built = await source.build()
  expect(built.package.facts.roles).toEqual(alone)
  await source.close()
}, 60_000)
