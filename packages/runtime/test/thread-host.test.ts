import { readdirSync } from 'node:fs'
import { asCallId, asProcessId, asSessionId, usualExecution } from '@tessera/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BegunRuns } from '../src/begun-log.ts'
import type { LinkEvents } from '../src/isolate-link.ts'
import type { RunMessage, Up } from '../src/messages.ts'
import { createIsolatePool } from '../src/process-pool.ts'
import { ThreadLink } from '../src/thread-host.ts'
import { eventually } from './contract/contract-room.ts'
import { type FixtureHalf, threadEntry, writeHalf } from './fixture-half.ts'
import { isolateHostContract } from './isolate-host.contract.ts'
import { blankInfo } from './session-info.ts'

const execution = { ...usualExecution, host: 'thread', isolates: 2 } as const
isolateHostContract({ kind: 'thread', create: (logger) => createIsolatePool({ logger, threadEntry }), execution, shownAs: 'thread', apart: true })

const run = (call: string, name: string): RunMessage => ({
  type: 'run',
  call: asCallId(call),
  process: asProcessId('p1'),
  target: { kind: 'method', name },
  onServerOnly: false,
  args: '[]',
  resultBytes: 1000,
})

describe('one thread', () => {
  let half: FixtureHalf

  beforeAll(async () => {
    half = await writeHalf({
      'methods/spin': 'export default () => { for (;;) {} }\n',
      'methods/one': 'export default () => 1\n',
      'methods/hog': 'export default () => { let all = null; for (;;) all = { all } }\n',
      'methods/post': 'import { parentPort } from "node:worker_threads"; export default (it) => { parentPort.postMessage(it) }\n',
      'methods/printPast': 'export default () => { process.stdout.write("past the console\\n") }\n',
    })
  })

  afterAll(() => half.remove())

  /** A thread with one process placed there, and all that it says. */
  const startThread = async (heapMb = 64) => {
    const said: Up[] = []
    const output: string[] = []
    type Ended = { why: string; complete: boolean; begun: BegunRuns | null }
    let end: (ended: Ended) => void = () => {}
    const ended = new Promise<Ended>((resolve) => {
      end = resolve
    })
    const events: LinkEvents = {
      onMessage: (message) => {
        if (message.type === 'log') message.text.slice()
        said.push(message)
      },
      onWatch: () => {},
      onEnded: (why, complete, begun = null) => end({ why, complete, begun }),
    }
    const options = { entry: threadEntry, heapMb, env: {}, stopTimeoutMs: 100, onOutput: (text: string) => output.push(text) }
    const link = new ThreadLink(options, events)
    link.send({ type: 'open', id: 'one', directory: half.directory })
    await eventually(() => said.some(({ type }) => type === 'ready'))
    const process = { id: asProcessId('p1'), number: 1, name: 'main', sessionId: asSessionId('S') }
    link.send({ type: 'session', seed: { facts: { id: process.sessionId, info: blankInfo, privileges: [] }, storage: { clock: 0, slots: [] } } })
    link.send({ type: 'process', process, variables: [] })
    return { link, said, output, ended }
  }

  test('X41 a thread that loops is ended by force, and it is known which runs had begun', async () => {
    const { link, ended } = await startThread()
    for (const message of [run('c1', 'one'), run('c2', 'spin'), run('c3', 'one'), run('c4', 'one')]) link.send(message)
    await new Promise((resolve) => setTimeout(resolve, 100))
    link.kill('a test ended it')
    const { begun, ...how } = await ended
    expect(how).toEqual({ why: 'a test ended it', complete: true })
    expect([1, 2, 3, 4].map((run) => begun?.mayHaveBegun(run, 0))).toEqual([true, true, false, false])
  })

  test('X41 a thread that loops is stopped all the same', async () => {
    const { link, ended } = await startThread()
    link.send(run('c1', 'spin'))
    await link.stop()
    expect(await ended).toMatchObject({ why: 'stopped', complete: true })
  })

  test.runIf(process.platform === 'linux')('X41 threads that are gone leave no descriptor open, and no timer', async () => {
    const open = () => readdirSync('/proc/self/fd').length
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    const cycle = async () => {
      const { link, ended } = await startThread()
      link.kill('a test ended it')
      await ended
    }
    await cycle()
    const [descriptors, waiting] = [open(), timers()]
    for (let n = 0; n < 5; n++) await cycle()
    await eventually(() => open() <= descriptors && timers() <= waiting)
  })

  test('X41 a heap that is full says so', async () => {
    const { link, ended } = await startThread(32)
    link.send(run('c1', 'hog'))
    expect((await ended).why).toBe('out of memory: its heap passed 32 MB')
  })

  test.each(['null', '5', '[null]', '[{"type":"log"}]'])('P81 what project code posts to the server ends its thread, not the server: %s', async (it) => {
    const { link, ended } = await startThread()
    link.send({ ...run('c1', 'post'), args: `[${it}]` })
    expect((await ended).why).toContain('is not')
  })

  test('X41 what it prints past its console is taken, and arguments in bytes are read', async () => {
    const { link, output, said } = await startThread()
    link.send({ ...run('c1', 'printPast'), args: Buffer.from('[]') })
    await eventually(() => output.join('').includes('past the console'))
    await eventually(() => said.some(({ type }) => type === 'ended'))
    await link.stop()
  })
})
