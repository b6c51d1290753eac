import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CallUp, type Payload, payloadText, type Reply } from '@tessera/protocol'
import { utf8Bytes, wireParser } from '@tessera/protocol/wire'
import { Server, type ServerOptions } from 'socket.io'
import { io, type Socket } from 'socket.io-client'
import { afterEach, expect, test } from 'vitest'
import { openCallLane } from './call-lane.ts'
import type { RemoteNamespace, RemoteSocket } from './remote-socket.ts'

type Serve = Parameters<typeof openCallLane>[1]
type Asking = (answer: Reply<Payload>) => void

const servers: Server[] = []
const clients: Socket[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect()
  for (const server of servers.splice(0)) await server.close()
})

interface Started {
  /** The server's ends of its connections, in order. */
  sockets: RemoteSocket[]
  lanes: boolean[]
  connect(): Promise<Socket>
}

const start = async (serve: (socket: RemoteSocket) => Serve, options: Partial<ServerOptions> = {}): Promise<Started> => {
  const http = createServer()
  const live = new Server(http, { path: '/live', addTrailingSlash: false, transports: ['websocket'], perMessageDeflate: false, parser: wireParser, ...options })
  servers.push(live)
  const sockets: RemoteSocket[] = []
  const lanes: boolean[] = []
  ;(live.of('/remote') as unknown as RemoteNamespace).on('connection', (socket) => {
    sockets.push(socket)
    const call = serve(socket)
    const lane = openCallLane(socket, call)
    lanes.push(lane)
    if (!lane) socket.on('call', call)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const connect = async (): Promise<Socket> => {
    const { port } = http.address() as AddressInfo
    const client = io(`http://127.0.0.1:${port}/remote`, { path: '/live', transports: ['websocket'], reconnection: false, forceNew: true, parser: wireParser })
    clients.push(client)
    await new Promise<void>((resolve) => client.once('connect', resolve))
    return client
  }
  return { sockets, lanes, connect }
}

const echo: Serve = ({ args }, reply) => reply({ ok: true, value: args })
const ask = (client: Socket, text: string): Promise<string> =>
  client.emitWithAck('call', { process: 1, method: 'm', args: utf8Bytes(text) } satisfies CallUp).then(({ value }) => payloadText(value))

test('N14 results of every length arrive whole, in the order in which they were given', async () => {
  const { connect, lanes } = await start(() => echo)
  const client = await connect()
  // The head takes some 42 bytes: both borders of the frame's length are crossed one by one.
  const near = (border: number) => Array.from({ length: 50 }, (_none, less) => border - less)
  const texts = [0, ...near(126), 200, ...near(65_540), 300_000].map((length) => 'x'.repeat(length))
  const arrived: number[] = []
  await Promise.all(texts.map(async (text) => expect((await ask(client, text)).length).toBe(arrived.push(text.length) && text.length)))
  expect(arrived).toEqual(texts.map(({ length }) => length))
  expect(lanes).toEqual([true])
})

test('N14 all results of one tick leave at once, and before whatever is said after them', async () => {
  const asking: Asking[] = []
  const { connect, sockets } = await start(() => (_message, reply) => void asking.push(reply))
  const client = await connect()
  const heard: string[] = []
  client.on('closing', () => heard.push('closing'))
  const call = { process: 1, method: 'm', args: utf8Bytes('[]') }
  for (let n = 0; n < 4; n++) client.emit('call', call, ({ value }: { value: Payload }) => heard.push(payloadText(value)))
  while (asking.length < 4) await new Promise(setImmediate)
  const [socket] = sockets
  let writes = 0
  socket?.conn.on('flush', () => {
    writes += 1
  })
  for (const [n, reply] of asking.entries()) {
    if (n === 3) socket?.emit('closing', { code: 'x', reason: 'y' })
    reply({ ok: true, value: `"${n}"` })
  }
  while (heard.length < 5) await new Promise(setImmediate)
  expect(heard).toEqual(['"0"', '"1"', '"2"', 'closing', '"3"'])
  expect(writes).toBeLessThanOrEqual(3)
})

test('N14 a call that fails is told its error, and one that nobody waits for is an event like others', async () => {
  const { connect } = await start(() => (_message, reply) => reply({ ok: false, error: { code: 'METHOD_NOT_FOUND', message: 'None.' } }))
  const client = await connect()
  expect(await client.emitWithAck('call', { process: 1, method: 'm', args: utf8Bytes('[]') })).toEqual({
    ok: false,
    error: { code: 'METHOD_NOT_FOUND', message: 'None.' },
  })
  client.emit('call', { process: 1, method: 'm', args: utf8Bytes('[]') })
  expect(await client.emitWithAck('call', null)).toMatchObject({ ok: false })
})

test('N15 where frames cannot be written as they are, calls take the ordinary way', async () => {
  const { connect, lanes } = await start(() => echo, { perMessageDeflate: true })
  const client = await connect()
  expect(await ask(client, '["ä"]')).toBe('["ä"]')
  expect(lanes).toEqual([false])
})

test.each([
  ['bytes that are no frame', new Uint8Array([255, 255, 255, 255, 1])],
  ['a text that is no packet', '{"__proto__":1}'],
  ['a packet of socket.io’s own', '2["call",{}]'],
])('N16 %s closes the connection that it came on, and no other', async (_what, frame) => {
  const { connect, sockets } = await start(() => echo)
  const bad = await connect()
  const good = await connect()
  const problems: string[] = []
  sockets[0]?.on('error', ({ message }) => problems.push(message))
  const gone = new Promise((resolve) => bad.once('disconnect', resolve))
  bad.io.engine.write(frame as string)
  await gone
  expect(problems).toEqual([expect.stringMatching(/^(This is not a packet|A frame of)/)])
  expect(await ask(good, '["still here"]')).toBe('["still here"]')
})
