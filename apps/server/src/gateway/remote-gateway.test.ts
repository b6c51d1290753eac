import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SessionId } from '@tessera/core'
import { MemoryConnectionIndex } from '@tessera/core/memory'
import { createGate, startTestEngine, type TestEngine } from '@tessera/core/testing'
import {
  type CallUp,
  type ClosingDown,
  limits,
  type MessageDown,
  type OrderDown,
  type Payload,
  payloadText,
  protocolVersion,
  type RemoteDownEvents,
  type RemoteUpEvents,
  type Reply,
  TesseraError,
  type Welcome,
} from '@tessera/protocol'
import { wireParser } from '@tessera/protocol/wire'
import { Server } from 'socket.io'
import { io, type Socket } from 'socket.io-client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EntryRules } from './entry-rules.ts'
import { ProgressWatchers } from './progress-watchers.ts'
import { RemoteGateway } from './remote-gateway.ts'
import type { GatewayParts, RemoteNamespace } from './remote-socket.ts'

/** One client below the SDK, and what it was told. */
interface Client {
  socket: Socket<RemoteDownEvents, RemoteUpEvents>
  welcome: Welcome
  messages: MessageDown[]
  orders: OrderDown[]
  closing: ClosingDown[]
  postpones: number
}

let engine: TestEngine
let connections: MemoryConnectionIndex
let http: HttpServer
let live: Server | null = null
const sockets: Socket[] = []

beforeEach(async () => {
  engine = await startTestEngine()
  connections = new MemoryConnectionIndex()
  await open({})
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect()
  await live?.close()
  live = null
  await engine.stop()
})

const open = async (parts: Partial<GatewayParts>): Promise<void> => {
  await live?.close()
  http = createServer()
  live = new Server(http, { path: '/live', addTrailingSlash: false, transports: ['websocket'], perMessageDeflate: false, parser: wireParser })
  new RemoteGateway(live.of('/remote') as unknown as RemoteNamespace, {
    engine: engine.engine,
    bus: engine.ports.bus,
    connections,
    logger: engine.logger,
    rules: new EntryRules({ host: '127.0.0.1', allowedHosts: [], tls: false, devConsole: null }),
    watchers: new ProgressWatchers(engine.ports.bus),
    graceSeconds: 900,
    sleepSeconds: 172_800,
    postponedSeconds: 28_800,
    payloadBytes: 1_048_576,
    ...parts,
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
}

/** `reads`: whether it says at once that it has received what it is told. */
const enter = (auth: Record<string, unknown> = {}, reads = true): Promise<Client> => {
  const { port } = http.address() as AddressInfo
  const socket: Client['socket'] = io(`http://127.0.0.1:${port}/remote`, {
    path: '/live',
    addTrailingSlash: false,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    parser: wireParser,
    auth: { protocol: protocolVersion, client: 'test', machineName: 'desk', ...auth },
  })
  sockets.push(socket)
  return new Promise((resolve, reject) => {
    const client: Omit<Client, 'welcome'> = { socket, messages: [], orders: [], closing: [], postpones: 0 }
    socket.on('message', (message, received) => {
      client.messages.push(message)
      if (reads) received()
    })
    socket.on('order', (order, received) => {
      client.orders.push(order)
      if (reads) received()
    })
    socket.on('closing', (notice) => client.closing.push(notice))
    socket.on('postpone', () => {
      client.postpones += 1
    })
    socket.once('connect_error', (error) => reject(error))
    socket.once('welcome', (welcome) => resolve(Object.assign(client, { welcome })))
  })
}

const say = (client: Client, text: string): Promise<unknown> =>
  engine.operator.dispatch('session.message', { targets: { ids: [client.welcome.sessionId] }, text, dryRun: false })
const rowOf = (client: Client) => engine.reads.session(client.welcome.sessionId)
const idOf = (client: Client) => client.welcome.sessionId as SessionId
const gone = (client: Client): Promise<void> => vi.waitFor(() => expect(client.socket.connected).toBe(false))
const tell = (client: Client, what: 'sleep' | 'postponed'): Promise<unknown> => client.socket.emitWithAck(what, {})

test('G34 what was said is told again at each welcome, oldest first, until the client says that it has it', async () => {
  const first = await enter({}, false)
  await say(first, 'one')
  await vi.waitFor(() => expect(first.messages).toHaveLength(1))
  first.socket.disconnect()
  await vi.waitFor(() => expect(rowOf(first).state).toBe('unreachable'))
  await say(first, 'two')
  await say(first, 'three')
  const second = await enter({ resume: first.welcome.resumeToken })
  await vi.waitFor(() => expect(rowOf(second).waitingMessages).toBe(0))
  expect(second.messages.map(({ number, text }) => [number, text])).toEqual([
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
  ])
  const third = await enter({ resume: second.welcome.resumeToken })
  await say(third, 'four')
  await vi.waitFor(() => expect(third.messages.map(({ text }) => text)).toEqual(['four']))
})

test('G34 a message that is said while the client comes in is told once, behind the welcome', async () => {
  const first = await enter({}, false)
  await say(first, 'one')
  first.socket.disconnect()
  await vi.waitFor(() => expect(rowOf(first).state).toBe('unreachable'))
  const stop = engine.ports.bus.on('session.resumed', () => void say(first, 'two'))
  const second = await enter({ resume: first.welcome.resumeToken })
  stop()
  await vi.waitFor(() => expect(rowOf(second).waitingMessages).toBe(0))
  expect(second.messages.map(({ text }) => text)).toEqual(['one', 'two'])
})

test.each([
  ['sleep', 'sleeping'],
  ['postponed', 'postponed'],
] as const)('G35 %s is acknowledged, then the connection closes and the session is %s', async (what, state) => {
  const client = await enter({ mayPostpone: true })
  expect(await tell(client, what)).toEqual({ ok: true, value: null })
  expect(rowOf(client).state).toBe(state)
  await gone(client)
  await engine.settle()
  expect(client.closing).toEqual([])
  expect(rowOf(client).state).toBe(state)
  expect(connections.find(idOf(client))).toBeUndefined()
  const back = await enter({ resume: client.welcome.resumeToken })
  expect(back.welcome).toMatchObject({ resumed: true, restarted: false, graceSeconds: 900, sleepSeconds: 172_800, postponedSeconds: 28_800 })
  expect(rowOf(back).state).toBe('active')
})

test('G35 a client of a quiet session is asked to give up its connection', async () => {
  const quiet = await enter({ mayPostpone: true })
  const other = await enter({ mayPostpone: true })
  engine.ports.bus.emit({ name: 'session.quiet', sessionId: idOf(quiet) })
  await vi.waitFor(() => expect(quiet.postpones).toBe(1))
  expect(other.postpones).toBe(0)
})

test('G36 who is connected stands in the index, until the transport is gone', async () => {
  const client = await enter()
  expect([...connections.all()]).toEqual([[client.welcome.sessionId, 1]])
  client.socket.disconnect()
  await vi.waitFor(() => expect([...connections.all()]).toEqual([]))
})

test('G36 a connection that was replaced is told so, and its end leaves the newer one alone', async () => {
  const old = await enter()
  const next = await enter({ resume: old.welcome.resumeToken })
  await gone(old)
  expect(old.closing).toMatchObject([{ code: 'CONNECTION_REPLACED' }])
  await engine.settle()
  expect([...connections.all()]).toEqual([[next.welcome.sessionId, 2]])
  expect(rowOf(next).state).toBe('active')
  expect(next.closing).toEqual([])
})

test('G36 a connection that the engine does not know is let go, and hears whether its session goes on', async () => {
  const client = await enter()
  engine.ports.bus.emit({ name: 'connection.orphaned', sessionId: idOf(client), connection: 7 })
  await engine.settle()
  expect(client.socket.connected).toBe(true)
  engine.ports.bus.emit({ name: 'connection.orphaned', sessionId: idOf(client), connection: 1 })
  await gone(client)
  expect(client.closing).toMatchObject([{ code: 'CONNECTION_REPLACED' }])
  expect([...connections.all()]).toEqual([])
})

test('G36 where the session is not there any more that is what the connection hears', async () => {
  await live?.close()
  live = null
  const reads = {
    ...engine.reads,
    session: () => {
      throw new TesseraError('SESSION_NOT_FOUND', 'No such session.')
    },
  }
  await open({ engine: { dispatch: engine.engine.dispatch.bind(engine.engine), reads } })
  const client = await enter()
  engine.ports.bus.emit({ name: 'connection.orphaned', sessionId: idOf(client), connection: 1 })
  await gone(client)
  expect(client.closing).toMatchObject([{ code: 'SESSION_ENDED' }])
})

test('G38 once the client has confirmed its resume token the one before is good no longer', async () => {
  const first = await enter()
  const second = await enter({ resume: first.welcome.resumeToken })
  expect(await second.socket.emitWithAck('confirm', { token: second.welcome.resumeToken })).toEqual({ ok: true, value: null })
  await expect(enter({ resume: first.welcome.resumeToken })).rejects.toMatchObject({ data: { code: 'SESSION_ENDED' } })
  expect((await enter({ resume: second.welcome.resumeToken })).welcome.sessionId).toBe(first.welcome.sessionId)
  expect(await (await enter()).socket.emitWithAck('confirm', { token: 'x'.repeat(201) })).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
})

test('K25 a client starts a stored procedure, hears how far it is once it watches, and gets its result and its end', async () => {
  let passed = (): void => undefined
  const gate = new Promise<void>((resolve) => {
    passed = resolve
  })
  await engine.publish({
    methods: {
      steps: async (scope) => {
        scope.progress(0.25, 'begun')
        await gate
        scope.progress(1, 'done')
        return 'through'
      },
    },
  })
  const { socket } = await enter()
  const other = await enter()
  const heard: unknown[] = []
  socket.on('progress', (message) => heard.push(message))
  other.socket.on('progress', (message) => heard.push(['other', message]))
  const start = { method: 'steps', args: '[]', name: '', unique: false }
  const started = await socket.emitWithAck('startProcedure', start)
  if (!started.ok) throw new Error(started.error.message)
  const { processId, number } = started.value
  expect(number).toBeLessThan(0)
  expect(await socket.emitWithAck('watchProcedure', { processId })).toEqual({ ok: true, value: { fraction: 0.25, text: 'begun' } })
  for (const event of ['watchProcedure', 'procedureResult'] as const)
    expect(await other.socket.emitWithAck(event, { processId })).toMatchObject({ ok: false, error: { code: 'NOT_ALLOWED' } })
  const result = socket.emitWithAck('procedureResult', { processId })
  passed()
  expect(await result).toEqual({ ok: true, value: '"through"' })
  expect(heard).toEqual([{ processId, fraction: 1, text: 'done' }])
  expect(await socket.emitWithAck('cancelProcedure', { processId, reason: '' })).toMatchObject({ ok: false, error: { code: 'ILLEGAL_STATE' } })
  for (const message of [null, { ...start, name: 7 }, { ...start, unique: undefined }] as never[])
    expect(await socket.emitWithAck('startProcedure', message)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
})

const order = (method: string) => engine.operator.order('till', method, 1)
const register = (client: Client) => client.socket.emitWithAck('register', { name: 'till' })
const done = (client: Client, number: number, value: string) => client.socket.emitWithAck('orderDone', { order: number, outcome: { ok: true, value } })

test('G50 a client registers, is sent an order, has it and answers; then it is sent the next', async () => {
  const client = await enter()
  expect(await register(client)).toEqual({ ok: true, value: null })
  expect(await register(client)).toMatchObject({ ok: false, error: { code: 'ALREADY_EXISTS' } })
  const [{ id }] = [await order('one'), await order('two')]
  await vi.waitFor(() => expect(engine.reads.order(id).recipients).toMatchObject([{ state: 'received' }]))
  expect(client.orders).toEqual([{ order: 1, method: 'one', args: '[1]', from: 'Designer (console)' }])
  expect(await done(client, 1, '"rang"')).toEqual({ ok: true, value: null })
  expect(engine.reads.order(id).recipients).toMatchObject([{ state: 'done', value: '"rang"' }])
  await vi.waitFor(() => expect(client.orders).toHaveLength(2))
  expect(await client.socket.emitWithAck('unregister', {})).toEqual({ ok: true, value: null })
  expect(engine.reads.clients()).toEqual([])
})

test('G51 what a client was told of is told again behind its welcome until it is done, and the welcome says up to where it was told', async () => {
  const first = await enter({}, false)
  await register(first)
  const { id } = await order('one')
  await vi.waitFor(() => expect(first.orders).toHaveLength(1))
  expect(first.welcome.toldOrder).toBe(0)
  first.socket.disconnect()
  await vi.waitFor(() => expect(rowOf(first).state).toBe('unreachable'))
  const second = await enter({ resume: first.welcome.resumeToken })
  expect(second.welcome.toldOrder).toBe(1)
  await vi.waitFor(() => expect(engine.reads.order(id).recipients).toMatchObject([{ state: 'received' }]))
  expect(second.orders.map(({ order }) => order)).toEqual([1])
})

test('G51 an order whose turn comes while the client comes in is told behind the welcome', async () => {
  const first = await enter()
  await register(first)
  first.socket.disconnect()
  await vi.waitFor(() => expect(rowOf(first).state).toBe('unreachable'))
  await order('one')
  const second = await enter({ resume: first.welcome.resumeToken })
  await vi.waitFor(() => expect(second.orders).toMatchObject([{ order: 1, method: 'one' }]))
})

test('G52 what is no name and no answer is refused, and the connection lives on', async () => {
  const client = await enter()
  for (const name of ['', ' ', 'a@b', 'x'.repeat(201), 7]) expect((await client.socket.emitWithAck('register', { name: name as string })).ok).toBe(false)
  for (const message of [null, { order: 'x' }, { order: 1, outcome: { ok: true } }])
    expect(await client.socket.emitWithAck('orderDone', message as never)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  expect(await done(client, 9, 'null')).toEqual({ ok: true, value: null })
  expect(await register(client)).toEqual({ ok: true, value: null })
})

const callOf = async (client: Client, method: string, extra: object = {}): Promise<unknown> => {
  const answer = await client.socket.emitWithAck('call', { process: client.welcome.mainProcess, method, args: '[]', ...extra } as CallUp)
  return answer.ok ? { ...answer, value: payloadText(answer.value) } : answer
}

test('P24, P25 a client says deadline, key and request with its call, and cancels by request', async () => {
  let runs = 0
  const never = (): Promise<void> => new Promise(() => undefined)
  await engine.publish({ methods: { count: () => ++runs, never } })
  const client = await enter()
  for (let time = 0; time < 2; time++) expect(await callOf(client, 'count', { key: 'k', request: `r${time}` })).toEqual({ ok: true, value: '1' })
  expect(await callOf(client, 'count', { deadlineMs: 0 })).toMatchObject({ ok: false, error: { code: 'DEADLINE_INVALID' } })
  const call = callOf(client, 'never', { request: 'r' })
  await vi.waitFor(() => expect(rowOf(client).processList[0]?.state).toBe('executing'))
  for (const request of ['r', 'r', 'unknown']) expect(await client.socket.emitWithAck('cancelCall', { request })).toEqual({ ok: true, value: null })
  expect(await call).toMatchObject({ ok: false, error: { code: 'CALL_CANCELLED' } })
  for (const wrong of [
    { key: '' },
    { key: 'x'.repeat(201) },
    { key: 1 },
    { request: '' },
    { request: 'x'.repeat(65) },
    { deadlineMs: '1' },
    { deadlineMs: null },
  ])
    expect(await callOf(client, 'count', wrong)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  expect(await client.socket.emitWithAck('cancelCall', {} as { request: string })).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  expect(runs).toBe(1)
})

test('P34 whatever a client asks takes turns, and one that asks without end is done a few at a time', async () => {
  const rounds: number[] = []
  let round = 0
  const count = setInterval(() => undefined, 1)
  const nextRound = (): void => {
    round += 1
    if (count.hasRef()) setImmediate(nextRound)
  }
  await open({
    engine: {
      reads: engine.reads,
      dispatch: (name, input, by) => {
        if (name === 'client.unregister') rounds[round] = (rounds[round] ?? 0) + 1
        return engine.engine.dispatch(name, input, by)
      },
    },
  })
  const { socket } = await enter()
  setImmediate(nextRound)
  const answers = await Promise.all(Array.from({ length: 500 }, () => socket.emitWithAck('unregister', {})))
  clearInterval(count.unref())
  expect(answers.every(({ ok }) => ok)).toBe(true)
  expect(Math.max(...rounds.filter((each) => each > 0))).toBeLessThanOrEqual(32)
})

test('P90 the structure is read once for all that a client asks at a time', async () => {
  const gate = createGate()
  let reads = 0
  const catalog = async () => {
    reads += 1
    await gate.passed
    return engine.reads.catalog()
  }
  await open({ engine: { dispatch: engine.engine.dispatch, reads: { ...engine.reads, catalog } } })
  const { socket } = await enter()
  const first = Promise.all(Array.from({ length: 50 }, () => socket.emitWithAck('catalog', {})))
  await socket.emitWithAck('unregister', {})
  gate.open()
  expect((await first).every(({ ok }) => ok)).toBe(true)
  expect(reads).toBe(1)
  expect(await socket.emitWithAck('catalog', {})).toMatchObject({ ok: true })
  expect(reads).toBe(2)
})

test('P90 a client has ten thousand requests unanswered at most, and is told so at once beyond them', async () => {
  const gate = createGate()
  const catalog = async () => {
    await gate.passed
    return engine.reads.catalog()
  }
  await open({ engine: { dispatch: engine.engine.dispatch, reads: { ...engine.reads, catalog } } })
  const { socket } = await enter()
  const answers: string[] = []
  const asked = Array.from({ length: limits.waitingCalls }, () => socket.emitWithAck('catalog', {}))
  const tooMany = await socket.emitWithAck('catalog', {})
  if (!tooMany.ok) answers.push(tooMany.error.code)
  gate.open()
  for (const { ok } of await Promise.all(asked)) answers.push(ok ? 'ok' : 'failed')
  expect(answers[0]).toBe('TOO_MANY_CALLS')
  expect(answers.filter((each) => each === 'ok').length).toBe(limits.waitingCalls)
})

test('P91 a client that asks and does not read is cut off; one that reads gets as much whole', async () => {
  const value = new Uint8Array(1_048_576).fill(0x20)
  const dispatch = ((name: string, ...rest: [never, never]) =>
    name === 'method.call' ? Promise.resolve(value) : engine.engine.dispatch(name as 'session.detach', ...rest)) as GatewayParts['engine']['dispatch']
  await open({ engine: { dispatch, reads: engine.reads }, payloadBytes: 262_144 })
  const [reader, other] = [await enter(), await enter()]
  const call = (client: Client): Promise<Reply<Payload>> => client.socket.emitWithAck('call', { process: client.welcome.mainProcess, method: 'm', args: '[]' })
  for (let n = 0; n < 40; n++) expect(await call(reader)).toMatchObject({ ok: true })
  const { ws } = other.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }
  ws._socket.pause()
  for (let n = 0; n < 40; n++) other.socket.emit('call', { process: 1, method: 'm', args: '[]' }, () => undefined)
  await vi.waitFor(() => expect(rowOf(other).state).toBe('unreachable'), { timeout: 4000 })
  expect(rowOf(reader).state).toBe('active')
  ws._socket.resume()
})
