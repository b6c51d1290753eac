import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { asCallId, asDigest, type IsolateHost, usualExecution } from '@tessera/core'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createIsolatePool } from '../src/process-pool.ts'
import { eventually, recordingLogger } from './contract/contract-room.ts'
import { type FixtureHalf, serveEntry, writeHalf } from './fixture-half.ts'
import { fixtureMethods } from './fixture-methods.ts'
import { isolateHostContract } from './isolate-host.contract.ts'
import { TinyEngine } from './tiny-engine.ts'

for (const [kind, size] of [
  ['process', 2],
  ['one process', 1],
] as const) {
  isolateHostContract({
    kind,
    create: (logger) => createIsolatePool({ logger, entry: serveEntry, size }),
    execution: usualExecution,
    shownAs: 'process',
    apart: true,
  })
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('isolate processes', () => {
  let half: FixtureHalf
  let host: IsolateHost
  let engine: TinyEngine

  beforeAll(async () => {
    half = await writeHalf(fixtureMethods)
    host = createIsolatePool({
      logger: recordingLogger([]),
      entry: serveEntry,
      size: 2,
      heapMb: 64,
      env: { GREETING: 'hi' },
      backOff: { firstMs: 20, maxMs: 100, healthyMs: 50 },
      spareAfterMs: null,
    })
    engine = new TinyEngine(host, asDigest('deadbeefdeadbeef'))
    await host.openVersion({ digest: engine.digest, directory: half.directory, execution: usualExecution })
  })

  afterAll(async () => {
    await host.stop()
    await half.remove()
  })

  const pidOf = async (process: Parameters<TinyEngine['call']>[0]): Promise<number> => Number(await engine.call(process, 'pid'))
  const allReady = () => eventually(() => host.isolates().length === 2 && engine.started.length === engine.ended.length + 2)

  test('X2 places are those of the sources, which the packer’s maps lead to', async () => {
    const source =
      'interface Line {\n  n: number\n}\nexport default (line: Line): number => {\n  if (line.n > 1) throw new TypeError("too many")\n  return line.n\n}\n'
    const { outputText, sourceMapText } = ts.transpileModule(source, {
      fileName: 'place.ts',
      compilerOptions: { sourceMap: true, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    })
    const mapped = await writeHalf({ 'methods/orders/place': outputText })
    const { mappings } = JSON.parse(sourceMapText ?? '{}')
    const map = { version: 3, sourceRoot: '../../', sources: ['methods/orders/place.ts'], names: [], mappings }
    await writeFile(join(mapped.directory, 'methods/orders/place.js.map'), JSON.stringify(map))
    const digest = asDigest('3a99ed')
    await host.openVersion({ digest, directory: mapped.directory, execution: usualExecution })
    const target = { kind: 'method', name: 'orders/place' } as const
    const outcome = await host.run({
      call: asCallId('mapped'),
      digest,
      process: engine.process(engine.openSession('MAP')),
      target,
      args: '[{"n":2}]',
      onServerOnly: false,
      resultBytes: 1_048_576,
    })
    expect(outcome).toMatchObject({
      ok: false,
      error: { className: 'TypeError', stack: expect.stringMatching(/^TypeError: too many\n {4}at .*methods\/orders\/place\.ts:5:25\)?$/) },
    })
    await host.closeVersion(digest)
    await mapped.remove()
  })

  test('X3 an isolate killed from outside: what ran there is interrupted, and the pool heals', async () => {
    const process1 = engine.process(engine.openSession('DIES'))
    await engine.call(process1, 'setVariable', 'cart', { items: [1, 2] })
    await engine.call(process1, 'put', 'settings', 'kept')
    const pid = await pidOf(process1)
    const running = [engine.start(process1, 'slow', [60_000]).outcome, engine.start(process1, 'slow', [60_000]).outcome]
    await engine.call(process1, 'hello', 'x')
    process.kill(pid, 'SIGKILL')
    for (const outcome of await Promise.all(running)) {
      expect(outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED', message: expect.stringContaining('SIGKILL') } })
    }
    expect(await engine.call(process1, 'getVariable', 'cart')).toEqual({ items: [1, 2] })
    expect(await engine.call(process1, 'read', 'settings')).toBe('kept')
    expect(await pidOf(process1)).not.toBe(pid)
    await allReady()
    expect(engine.ended.filter(({ isolate }) => isolate.digest === engine.digest)).toMatchObject([
      { isolate: { pid, id: expect.stringMatching(/^deadbe\/\d$/) }, why: 'its process was ended by SIGKILL', callsLost: 2 },
    ])
  })

  test('X3 sessions of other isolates do not notice a death', async () => {
    const processes = Array.from({ length: 8 }, (_, n) => engine.process(engine.openSession(`NEIGHBOUR${n}`)))
    const pids = await Promise.all(processes.map(pidOf))
    expect(new Set(pids).size).toBe(2)
    const outcomes = processes.map((process) => engine.start(process, 'slow', [200]).outcome)
    await Promise.all(processes.map((process) => engine.call(process, 'hello', 'x')))
    process.kill(Number(pids[0]), 'SIGKILL')
    expect((await Promise.all(outcomes)).map(({ ok }) => ok)).toEqual(pids.map((pid) => pid !== pids[0]))
    await allReady()
  })

  test('X26 a call that its isolate never took is run elsewhere', async () => {
    const process1 = engine.process(engine.openSession('NEVER'))
    const pid = await pidOf(process1)
    process.kill(pid, 'SIGSTOP')
    const { outcome } = engine.start(process1, 'slow', [10])
    await new Promise((resolve) => setTimeout(resolve, 50))
    process.kill(pid, 'SIGKILL')
    expect(await outcome).toMatchObject({ ok: true, value: '"slept"' })
    await allReady()
  })

  test('X3 where there are no temporary files, an isolate says by message what it took', async () => {
    const digest = asDigest('ba5e00')
    const { TMPDIR } = process.env
    process.env['TMPDIR'] = join(half.directory, 'is-not-there')
    try {
      await host.openVersion({ digest, directory: half.directory, execution: usualExecution })
    } finally {
      if (TMPDIR === undefined) delete process.env['TMPDIR']
      else process.env['TMPDIR'] = TMPDIR
    }
    const process1 = engine.process(engine.openSession('NOTEMP'))
    const target = { kind: 'method', name: 'slow' } as const
    const running = host.run({ call: asCallId('without'), digest, process: process1, target, args: '[60000]', onServerOnly: true, resultBytes: 1_048_576 })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const busy = host.isolates().find((isolate) => isolate.digest === digest && isolate.callsRunning > 0)
    process.kill(busy?.pid ?? Number.NaN, 'SIGKILL')
    expect(await running).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED' } })
    await host.closeVersion(digest)
  })

  test('X3 an isolate that runs out of heap says so', async () => {
    const hog = await writeHalf({
      'methods/hog': 'export default () => { const all = []; for (;;) all.push({ n: all.length, text: "text " + all.length }) }\n',
    })
    const digest = asDigest('a00000')
    await host.openVersion({ digest, directory: hog.directory, execution: usualExecution })
    const process1 = engine.process(engine.openSession('HOG'))
    const outcome = await host.run({
      call: asCallId('hog'),
      digest,
      process: process1,
      target: { kind: 'method', name: 'hog' },
      args: '[]',
      onServerOnly: false,
      resultBytes: 1_048_576,
    })
    expect(outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED', message: expect.stringContaining('out of memory') } })
    await host.closeVersion(digest)
    await hog.remove()
  })

  test('X3 closing a version interrupts its calls and ends its processes', async () => {
    const digest = asDigest('c105ed')
    await host.openVersion({ digest, directory: half.directory, execution: usualExecution })
    const pids = host.isolates().flatMap((isolate) => (isolate.digest === digest && isolate.pid !== null ? [isolate.pid] : []))
    const process1 = engine.process(engine.openSession('CLOSES'))
    const outcome = host.run({
      call: asCallId('closing'),
      digest,
      process: process1,
      target: { kind: 'method', name: 'slow' },
      args: '[60000]',
      onServerOnly: true,
      resultBytes: 1_048_576,
    })
    await host.closeVersion(digest)
    expect(await outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED' } })
    expect(pids).toHaveLength(2)
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('X9 a version that is rejected leaves no process', async () => {
    const broken = await writeHalf({ 'methods/bad': 'import { pid } from "node:process"\nthrow new Error("pid=" + pid)\n' })
    const error: unknown = await host
      .openVersion({ digest: asDigest('badbad'), directory: broken.directory, execution: usualExecution })
      .catch((thrown: unknown) => thrown)
    const pid = Number(/pid=(\d+)/.exec(String(error))?.[1])
    expect(pid).toBeGreaterThan(0)
    expect(isAlive(pid)).toBe(false)
    await broken.remove()
  })

  test('X9 code that never finishes loading is rejected too', async () => {
    const endless = await writeHalf({ 'methods/endless': 'for (;;) {}\n' })
    const impatient = createIsolatePool({ logger: recordingLogger([]), entry: serveEntry, size: 1, openTimeoutMs: 500, stopTimeoutMs: 100 })
    impatient.attach(engine)
    await expect(impatient.openVersion({ digest: asDigest('e'), directory: endless.directory, execution: usualExecution })).rejects.toMatchObject({
      code: 'VERSION_REJECTED',
    })
    expect(impatient.isolates()).toEqual([])
    await endless.remove()
  })

  test('X10 isolates exit when the server is killed', async () => {
    const program = `
      import { createIsolatePool } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
      const quiet = { info() {}, warn() {}, error() {} }
      const host = createIsolatePool({ logger: quiet, size: 2 })
      host.attach({ isolateStarted() {}, isolateEnded() {} })
      await host.openVersion({ digest: 'abc', directory: ${JSON.stringify(half.directory)}, execution: ${JSON.stringify(usualExecution)} })
      process.stdout.write(JSON.stringify(host.isolates().map(({ pid }) => pid)))
      setInterval(() => {}, 1000)
    `
    const server = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    })
    const pids: number[] = JSON.parse(await new Promise<string>((resolve) => server.stdout.once('data', (text) => resolve(String(text)))))
    expect(pids.map(isAlive)).toEqual([true, true])
    server.kill('SIGKILL')
    await eventually(() => !pids.some(isAlive)).finally(() => {
      for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL')
    })
  })

  test('X28 an isolate whose server is killed ends in the middle of an endless loop', async () => {
    const endless = await writeHalf({ 'methods/endless': 'export default () => { for (;;) {} }\n' })
    const program = `
      import { createIsolatePool } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
      const quiet = { info() {}, warn() {}, error() {} }
      const host = createIsolatePool({ logger: quiet, size: 1, spareAfterMs: null })
      const facts = { id: 'S', info: {}, privileges: [] }
      const isolateBlocked = () => process.stdout.write(String(host.isolates()[0].pid))
      host.attach({ seed: () => ({ facts, storage: { clock: 0, slots: [] } }), isolateStarted() {}, isolateEnded() {}, isolateBlocked })
      await host.openVersion({ digest: 'abc', directory: ${JSON.stringify(endless.directory)}, execution: ${JSON.stringify(usualExecution)} })
      const process1 = { id: 'p', number: 1, name: 'main', sessionId: 'S' }
      host.run({ call: 'c', digest: 'abc', process: process1, target: { kind: 'method', name: 'endless' }, args: '[]', onServerOnly: false, resultBytes: 1000 })
      setInterval(() => {}, 1000)
    `
    const server = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    })
    const pid = Number(await new Promise<string>((resolve) => server.stdout.once('data', (text) => resolve(String(text)))))
    expect(isAlive(pid)).toBe(true)
    server.kill('SIGKILL')
    await eventually(() => !isAlive(pid)).finally(() => {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    })
    await endless.remove()
  })

  test.each(['null\n', '{"cpu":1}\n', 'no report\n', 'x'.repeat(2_000_000)])(
    'P81 what code writes to the watchdog’s pipe ends its isolate, not the server',
    async (text) => {
      await allReady()
      const writer = engine.process(engine.openSession(`WRITES ${text.slice(0, 10)}`))
      expect(await engine.start(writer, 'writeTo', [4, text]).outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED' } })
      expect(engine.ended.at(-1)?.why).toContain('is not a report')
      expect(await engine.call(writer, 'hello', 'x')).toBe('Hello, x')
    },
  )

  test('P81 what code writes to the channel ends its isolate, not the server', async () => {
    await allReady()
    const writer = engine.process(engine.openSession('WRITES CHANNEL'))
    expect(await engine.start(writer, 'writeTo', [3, 'this is not a frame']).outcome).toMatchObject({ ok: false, error: { code: 'CALL_INTERRUPTED' } })
    expect(await engine.call(writer, 'hello', 'x')).toBe('Hello, x')
  })

  test('P82 a server without a descriptor to spare hears that an isolate could not be started, and goes on', async () => {
    const program = `
      import { closeSync, openSync } from 'node:fs'
      import { ProcessLink } from ${JSON.stringify(new URL('../dist/process-host.js', import.meta.url).href)}
      const free = []
      try { for (;;) free.push(openSync('/dev/null', 'r')) } catch {}
      const start = () => new Promise((resolve) => {
        try {
          new ProcessLink({ entry: '/nothing', heapMb: 32, env: {}, stopTimeoutMs: 10, onOutput() {} }, { onMessage() {}, onWatch() {}, onEnded: resolve })
        } catch (error) { resolve(error.message) }
      })
      const said = []
      // Where only a few are left, it is others that fail.
      for (let left = 0; left < 14; left++) {
        said.push(await start())
        closeSync(free.pop())
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
      console.log(said.filter((why) => why.includes('EMFILE')).length > 5 ? 'EMFILE' : said)
    `
    const shell = spawn('/bin/sh', ['-c', 'ulimit -n 400; exec "$0" --input-type=module --eval "$1"', process.execPath, program], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    shell.stdout.on('data', (text) => {
      said += text
    })
    shell.stderr.on('data', (text) => {
      said += text
    })
    expect(await new Promise((resolve) => shell.once('close', resolve))).toBe(0)
    expect(said).toContain('EMFILE')
  })

  test('X12 project code is given a clean environment', async () => {
    const names = await engine.call(engine.process(engine.openSession('ENV')), 'env')
    expect(names).toContain('GREETING')
    const extra = (names as string[]).filter((name) => !['GREETING', 'PATH', 'TZ', 'LANG', 'NODE_ENV'].includes(name))
    expect(extra).toEqual([])
  })
})
