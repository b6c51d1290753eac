import { asCallId, asProcessId, asSessionId } from '@tessera/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FixtureHalf, withKit, writeHalf } from '../../test/fixture-half.ts'
import { blankInfo } from '../../test/session-info.ts'
import type { RunMessage, Up } from '../messages.ts'
import { captureConsole } from './console-capture.ts'
import { Isolate } from './isolate.ts'

const sessionId = asSessionId('S')
const process = { id: asProcessId('p1'), number: 1, name: 'main', sessionId }
const info = { ...blankInfo, ID: 'S' }

let half: FixtureHalf
let said: Up[]
let isolate: Isolate

captureConsole()

beforeEach(async () => {
  half = await writeHalf({
    'methods/open': withKit('\nexport default onServer((n) => n)\n'),
    'methods/long': withKit('\nexport default onServer(() => "é".repeat(499))\n'),
    'methods/longer': withKit('\nexport default onServer(() => "é".repeat(500))\n'),
    'methods/signalled': withKit(
      '\nexport default onServer(() => { const { signal } = currentProcess(); let heard = null; signal.onAbort(() => { heard = signal.reason }); return [signal.reason ?? null, heard] })\n',
    ),
    'methods/inner': 'export default () => "inner"\n',
    'methods/say': withKit('\nexport default onServer(() => { console.log("heard") })\n'),
    'methods/put': withKit('\nexport default onServer(() => session().storage.use((draft) => { draft.n = 1 }))\n'),
    'methods/thenable': withKit('\nexport default onServer(() => ({ then: (resolve) => resolve("thenable") }))\n'),
    'methods/restore': withKit('\nexport default onServer(async () => { await session().restore("t"); return session().getPrivileges() })\n'),
    'database/onServerStartup': 'export default () => "up"\n',
  })
  said = []
  isolate = new Isolate((message) => said.push(message))
  isolate.receive({ type: 'open', id: 'x/1', directory: half.directory })
  // All this comes before the code is loaded.
  isolate.receive({ type: 'session', seed: { facts: { id: sessionId, info, privileges: [] }, storage: { clock: 0, slots: [] } } })
  isolate.receive({ type: 'process', process, variables: [] })
})

afterEach(() => half.remove())

let calls = 0

const run = async (name: string, onServerOnly = true, asked: Pick<RunMessage, 'request' | 'timed'> = {}): Promise<Up | undefined> => {
  const call = asCallId(`c${++calls}`)
  isolate.receive({ type: 'run', call, process: process.id, target: { kind: 'method', name }, onServerOnly, args: '[1]', resultBytes: 1000, ...asked })
  const answered = (message: Up): boolean => (message.type === 'ended' || message.type === 'failed') && message.call === call
  while (!said.some(answered)) await new Promise((resolve) => setTimeout(resolve, 2))
  return said.find(answered)
}

test('X8 only methods made with onServer are there for clients', async () => {
  expect(await run('open')).toMatchObject({ type: 'ended', value: '1' })
  expect(await run('thenable')).toMatchObject({ type: 'ended', value: '"thenable"' })
  for (const name of ['inner', 'nothing', 'onServerStartup', 'toString', '']) {
    expect(await run(name)).toMatchObject({ type: 'failed', error: { code: 'METHOD_NOT_FOUND' } })
  }
  expect(await run('inner', false)).toMatchObject({ type: 'ended', value: '"inner"' })
})

test('P43 a signal that comes before its run has begun is heard when it begins', async () => {
  await run('open')
  const call = asCallId('early')
  const message = {
    type: 'run',
    call,
    process: process.id,
    target: { kind: 'method', name: 'signalled' },
    onServerOnly: true,
    args: '[]',
    resultBytes: 1000,
  } as const
  isolate.receiveAll([message, { type: 'signal', call, reason: 'leave' }])
  expect(said.at(-1)).toMatchObject({ type: 'ended', call, value: '["leave","leave"]' })
})

test('P31 a result is counted in the bytes of its text, and one above the limit ends its call with both sizes', async () => {
  expect(await run('long')).toMatchObject({ type: 'ended' })
  const failed = await run('longer')
  expect(failed).toMatchObject({ type: 'failed', error: { code: 'RESULT_TOO_LARGE', message: expect.stringMatching(/longer.*1002 bytes.*1000/) } })
})

test('X9 what comes before the code is loaded waits for it', async () => {
  expect(said).toEqual([])
  await run('open')
  expect(said.map(({ type }) => type)).toEqual(['ready', 'ended'])
})

test('X5 a call of a process or a session that is closed here is refused', async () => {
  await run('open')
  isolate.receive({ type: 'process.close', process: process.id })
  expect(await run('open')).toMatchObject({ type: 'failed', error: { code: 'PROCESS_NOT_FOUND' } })
  isolate.receive({ type: 'process', process, variables: [] })
  expect(await run('open')).toMatchObject({ type: 'ended' })
  isolate.receive({ type: 'session.close', sessionId })
  expect(await run('open')).toMatchObject({ type: 'failed', error: { code: 'PROCESS_NOT_FOUND' } })
})

test('X1 facts that arrive in one go with the seed of a session that a call goes to are the ones it has', async () => {
  await run('open')
  const desk = asSessionId('D')
  const facts = { id: desk, info: { ...info, ID: 'D' }, privileges: [] }
  const asked = async (kind: string, nth: number): Promise<number> => {
    const asks = (): Extract<Up, { type: 'ask' }>[] => said.filter((message) => message.type === 'ask').filter(({ request }) => request.kind === kind)
    while (asks().length < nth) await new Promise((resolve) => setTimeout(resolve, 2))
    return asks()[nth - 1]?.ask ?? 0
  }
  const running = run('restore')
  const seed = { kind: 'session.seed', value: { facts, storage: { clock: 0, slots: [] } } } as const
  isolate.receive({ type: 'answer', ask: await asked('session.restore', 1), answer: { kind: 'session.restore', value: { sessionId: desk } } })
  isolate.receive({ type: 'answer', ask: await asked('session.seed', 1), answer: seed })
  isolate.receive({ type: 'answer', ask: await asked('session.seed', 2), answer: seed })
  isolate.receive({ type: 'facts', facts: { ...facts, privileges: ['late'] } })
  expect(await running).toMatchObject({ type: 'ended', value: '["late"]' })
})

test('P66 where the time of a call went is told when it is asked for, of one that failed too', async () => {
  expect(await run('open')).not.toHaveProperty('timings')
  expect(await run('nothing', true, { timed: true })).toMatchObject({ type: 'failed', timings: { storageMs: 0, dataMs: 0 } })
  const running = run('put', true, { timed: true })
  const asked = (): Extract<Up, { type: 'ask' }> | undefined => said.find((message) => message.type === 'ask')
  while (asked() === undefined) await new Promise((resolve) => setTimeout(resolve, 2))
  await new Promise((resolve) => setTimeout(resolve, 15))
  const since = { from: 0, clock: 1, changes: [['n', '1']] } as const
  isolate.receive({ type: 'answer', ask: asked()?.ask ?? 0, answer: { kind: 'storage.commit', value: { won: true, since } } })
  const ended = await running
  const { runMs = 0, storageMs = 0 } = ended?.type === 'ended' && ended.timings !== undefined ? ended.timings : {}
  expect(storageMs).toBeGreaterThan(10)
  expect(runMs).toBeGreaterThanOrEqual(storageMs)
})

test('P65 a line that a call logs carries the client’s id of the call, else the server’s', async () => {
  await run('open')
  const { call: last } = { call: `c${calls + 1}` }
  for (const asked of [{}, { request: 'r-7' }]) await run('say', true, asked)
  expect(said.filter((message) => message.type === 'log').map(({ text, request }) => [text, request])).toEqual([
    ['heard', last],
    ['heard', 'r-7'],
  ])
})

const other = asSessionId('T')
const factsOf = (privileges: readonly string[]) => ({ id: other, info, privileges })
const asked = () => said.flatMap((message) => (message.type === 'ask' ? [message] : []))
const answerSeeds = async (count: number, privileges: readonly string[]): Promise<void> => {
  const open = asked().filter(({ request }) => request.kind === 'session.seed')
  for (const { ask } of open.slice(-count))
    isolate.receive({ type: 'answer', ask, answer: { kind: 'session.seed', value: { facts: factsOf(privileges), storage: { clock: 1, slots: [] } } } })
  await new Promise((resolve) => setTimeout(resolve, 2))
}
const goThere = async (count: number): Promise<void> => {
  for (const message of Array.from({ length: count }, () => asCallId(`r${++calls}`)))
    isolate.receive({
      type: 'run',
      call: message,
      process: process.id,
      target: { kind: 'method', name: 'restore' },
      onServerOnly: true,
      args: '[]',
      resultBytes: 1000,
    })
  for (const { ask } of asked().slice(-count)) isolate.receive({ type: 'answer', ask, answer: { kind: 'session.restore', value: { sessionId: other } } })
  await new Promise((resolve) => setTimeout(resolve, 2))
}

test('X1 what is told of a session on its way here is not lost where another call goes there too', async () => {
  await run('open')
  await goThere(1)
  await answerSeeds(1, ['old'])
  isolate.receive({ type: 'facts', facts: factsOf(['new']) })
  await goThere(1)
  await answerSeeds(2, ['old'])
  const values = said.flatMap((message) => (message.type === 'ended' && message.call.startsWith('r') ? [message.value] : []))
  expect(values).toEqual(['["new"]', '["new"]'])
})

test('X1 a session that ends on its way here is not kept', async () => {
  await run('open')
  await goThere(1)
  await answerSeeds(1, ['old'])
  isolate.receive({ type: 'session.close', sessionId: other })
  await answerSeeds(1, ['old'])
  expect(said.at(-1)).toMatchObject({ type: 'failed', error: { code: 'SESSION_ENDED' } })
})
