import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { outputsExist } from '../bootstrap/build.mjs'
import { runNode } from '../bootstrap/child.mjs'
import { digestContents, digestSources } from '../bootstrap/digest.mjs'
import { checkNodeVersion } from '../bootstrap/node-version.mjs'
import { repositoryRoot } from '../bootstrap/repository.mjs'
import { manifest, writeTree } from './write-tree.mjs'

test('a Node that is too old is told in one line what to do', () => {
  expect(checkNodeVersion('20.19.0')).toBeNull()
  expect(checkNodeVersion('22.1.0')).toBeNull()
  expect(checkNodeVersion('20.18.3')).toContain('needs Node 20.19')
  expect(checkNodeVersion('18.20.0')?.split('\n')).toHaveLength(1)
})

test('the digest of sources follows every edit, and nothing that a build or a test leaves behind', () => {
  const root = writeTree({ 'packages/a/src/a.ts': 'one', 'packages/a/dist/a.js': '1', 'packages/a/node_modules/x/x.js': '1', 'packages/a/src/a.test.ts': '' })
  const before = digestSources(root, ['packages', 'missing.json'])
  const write = (path, text) => {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
    return digestSources(root, ['packages', 'missing.json'])
  }
  expect(write('packages/a/dist/a.js', '22')).toBe(before)
  expect(write('packages/a/node_modules/x/x.js', '22')).toBe(before)
  expect(write('packages/a/src/generated/client.ts', '22')).toBe(before)
  expect(write('packages/a/src/a.test.ts', '22')).toBe(before)
  expect(write('packages/a/src/b.ts', '')).not.toBe(before)
  utimesSync(join(root, 'packages/a/src/a.ts'), 1, 1)
  expect(digestSources(root, ['packages'])).not.toBe(before)
})

test('the digest of contents does not follow the clock', () => {
  const root = writeTree({ 'pnpm-lock.yaml': 'a' })
  const before = digestContents(root, ['pnpm-lock.yaml'], ['115'])
  utimesSync(join(root, 'pnpm-lock.yaml'), 1, 1)
  expect(digestContents(root, ['pnpm-lock.yaml'], ['115'])).toBe(before)
  expect(digestContents(root, ['pnpm-lock.yaml'], ['127'])).not.toBe(before)
})

test('a build is there only with every file that a package.json promises', () => {
  const packages = { 'packages/a/package.json': manifest('a'), 'apps/web/package.json': { name: '@tessera/web' } }
  expect(outputsExist(writeTree(packages))).toBe(false)
  expect(outputsExist(writeTree({ ...packages, 'packages/a/dist/index.js': '' }))).toBe(false)
  expect(outputsExist(writeTree({ ...packages, 'packages/a/dist/index.js': '', 'apps/web/out/index.html': '' }))).toBe(true)
})

test('the exit code of a child is the exit code of the run', async () => {
  expect(await runNode(['-e', 'process.exit(7)'])).toBe(7)
  expect(await runNode(['-e', "process.kill(process.pid, 'SIGTERM')"], { onLine: () => {} })).toBe(143)
})

test('lines of a child come whole', async () => {
  const lines = []
  await runNode(['-e', "process.stdout.write('a\\nb'); setTimeout(() => process.stdout.write('c\\n\\nd'), 50)"], { onLine: (line) => lines.push(line) })
  expect(lines).toEqual(['a', 'bc', '', 'd'])
})

/** A program that runs a child, which says when it is ready and when a signal ended it. */
const parentOf = (signal) => {
  const inner = `process.on('${signal}', () => setTimeout(() => { console.log('closed'); process.exit(5) }, 100)); console.log('ready'); setTimeout(() => {}, 10_000)`
  const root = writeTree({
    'inner.mjs': inner,
    'outer.mjs': `import { runNode } from '${repositoryRoot}/scripts/bootstrap/child.mjs'\nprocess.exitCode = await runNode([import.meta.dirname + '/inner.mjs'])`,
  })
  return join(root, 'outer.mjs')
}

/** Ends with what the program printed, after the signal was sent at its first word. */
const outputAfter = async (child, signal) => {
  let text = ''
  child.stdout.on('data', (data) => {
    text += data
    if (String(data).includes('ready')) child.kill(signal)
  })
  const [code] = await once(child, 'close')
  return { code, text }
}

test.each(['SIGINT', 'SIGTERM'])('%s reaches the child, whose end and exit code are waited for', async (signal) => {
  const child = spawn(process.execPath, [parentOf(signal)], { stdio: ['ignore', 'pipe', 'inherit'] })
  expect(await outputAfter(child, signal)).toEqual({ code: 5, text: 'ready\nclosed\n' })
})

test('under npm the death of the shell between is a signal to the child', async () => {
  const env = { ...process.env, npm_lifecycle_event: 'start' }
  const child = spawn('sh', ['-c', `"${process.execPath}" "${parentOf('SIGTERM')}"; true`], { stdio: ['ignore', 'pipe', 'inherit'], env })
  expect((await outputAfter(child, 'SIGTERM')).text).toBe('ready\nclosed\n')
})
