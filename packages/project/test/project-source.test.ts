import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createProjectSource } from '../src/build/project-source.ts'
import { watchProject } from '../src/folder/watch.ts'
import { createPackageStore } from '../src/package/package-store.ts'
import { makeFolder, makeProject, sample } from './project-folder.ts'

test('J1, J9 the same folder is the same package, an edit another, and a broken one is refused with its problems', async () => {
  const folder = await makeProject()
  const store = createPackageStore(await makeFolder())
  const steps: string[] = []
  const source = createProjectSource(folder, store, { onProgress: (step) => steps.push(step) })
  try {
    const [one, same] = await Promise.all([source.build(), source.build()])
    expect(same.package).toEqual(one.package)
    expect(steps.filter((step) => step === 'check').length).toBe(1)
    await writeFile(join(folder, 'lib/sum.ts'), 'export const sum = (values: number): number => values\n')
    await expect(source.build()).rejects.toMatchObject({
      code: 'PROJECT_INVALID',
      problems: [expect.objectContaining({ file: 'methods/orders/total.ts', line: 3 })],
    })
    await writeFile(join(folder, 'lib/sum.ts'), `${String(sample['lib/sum.ts'])}// edited\n`)
    const edited = await source.build()
    expect(edited.package.digest).not.toBe(one.package.digest)
    expect((await store.list()).length).toBe(2)
    await writeFile(join(folder, 'lib/sum.ts'), String(sample['lib/sum.ts']))
    expect((await source.build()).package.digest).toBe(one.package.digest)
  } finally {
    await source.close()
  }
}, 60_000)

test('J6 a package that the store lost is put again, though nothing changed', async () => {
  const folder = await makeProject()
  const store = createPackageStore(await makeFolder())
  const source = createProjectSource(folder, store)
  try {
    const { package: first } = await source.build()
    await store.remove(first.digest)
    expect((await source.build()).package).toEqual(first)
  } finally {
    await source.close()
  }
  await rm(join(folder, 'tessera.json'))
  await expect(source.build()).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  await source.close()
}, 60_000)

test('J12 a server that starts again on an unchanged project neither checks nor compiles it; whatever changed is seen', async () => {
  const folder = await makeProject()
  const data = await makeFolder()
  const build = async (): Promise<{ digest: string; steps: number }> => {
    const steps: string[] = []
    const source = createProjectSource(folder, createPackageStore(data), { onProgress: (step) => steps.push(step) })
    try {
      return { digest: (await source.build()).package.digest, steps: steps.length }
    } finally {
      await source.close()
    }
  }
  const first = await build()
  expect(first.steps).toBeGreaterThan(0)
  expect(await build()).toEqual({ digest: first.digest, steps: 0 })
  const record = join(data, 'packages/last-build.json')
  const kept = await readFile(record, 'utf8')
  for (const spoilt of [kept.slice(0, 50), '', kept.replace(/"installation":"./, '"installation":"?'), kept.replace(/"state":"./, '"state":"?')]) {
    await writeFile(record, spoilt)
    const again = await build()
    expect(again.digest).toBe(first.digest)
    expect(again.steps).toBeGreaterThan(0)
  }
  await writeFile(join(folder, 'lib/sum.ts'), `${String(sample['lib/sum.ts'])}// edited\n`)
  expect((await build()).digest).not.toBe(first.digest)
}, 120_000)

test('J4 watching tells of a burst of saves once, and of nothing that no package holds', async () => {
  const folder = await makeProject()
  const bursts: (readonly string[])[] = []
  const watching = await watchProject(folder, (paths) => bursts.push(paths), { quietMs: 150 })
  try {
    await writeFile(join(folder, '.hidden'), 'x')
    await writeFile(join(folder, 'methods/hello.ts~'), 'x')
    await writeFile(join(folder, 'methods/hello.ts'), `${String(sample['methods/hello.ts'])}\n`)
    await writeFile(join(folder, 'lib/new.ts'), 'export const a = 1\n')
    await expect.poll(() => bursts.length, { timeout: 10_000 }).toBeGreaterThan(0)
    expect(bursts.flat().sort()).toEqual(['lib/new.ts', 'methods/hello.ts'])
  } finally {
    await watching.close()
  }
}, 30_000)
