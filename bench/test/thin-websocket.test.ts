import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { sourceAddressOf } from '../lib/source-address.mjs'
import { readFrame, ThinWebSocket } from '../lib/thin-websocket.mjs'

const servers: WebSocketServer[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const startEcho = async (): Promise<{ port: number; server: WebSocketServer }> => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  servers.push(server)
  await once(server, 'listening')
  server.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })))
  return { port: (server.address() as AddressInfo).port, server }
}

test('B29 the thin client says and hears what a real WebSocket server does, short and long', async () => {
  const { port } = await startEcho()
  const texts = ['', 'short', Buffer.from([0, 255, 1]), 'ü'.repeat(100), 'x'.repeat(125), 'x'.repeat(126), 'y'.repeat(60_000)]
  const heard: (string | Buffer)[] = []
  await new Promise<void>((resolve, reject) => {
    const socket: ThinWebSocket = new ThinWebSocket(
      { port, path: '/' },
      {
        onOpen: () => texts.forEach((text) => void socket.send(text)),
        onMessage: (text) => {
          heard.push(text)
          if (heard.length === texts.length) socket.close()
        },
        onEnd: (why) => (heard.length === texts.length ? resolve() : reject(new Error(why))),
      },
    )
  })
  expect(heard).toEqual(texts)
})

test('B29 a frame that has not arrived whole is waited for', () => {
  const frame = Buffer.concat([Buffer.from([0x81, 126, 0, 200]), Buffer.alloc(200, 'a')])
  for (let cut = 0; cut < frame.length; cut++) expect(readFrame(frame.subarray(0, cut))).toBeNull()
  expect(readFrame(Buffer.concat([frame, frame]))).toMatchObject({ opcode: 1, end: frame.length })
})

test('B29 the thin client answers pings and tells why there is no connection', async () => {
  const { port, server } = await startEcho()
  const ponged = new Promise((resolve) =>
    server.on('connection', (peer) => {
      peer.on('pong', (data) => resolve(data.toString()))
      peer.ping('still there')
    }),
  )
  const socket = new ThinWebSocket({ port, path: '/' }, { onOpen: () => undefined, onMessage: () => undefined, onEnd: () => undefined })
  expect(await ponged).toBe('still there')
  socket.close()
  server.close()
  const why = await new Promise((resolve) => new ThinWebSocket({ port: 1, path: '/' }, { onOpen: () => undefined, onMessage: () => undefined, onEnd: resolve }))
  expect(why).toContain('ECONNREFUSED')
})

test('B29 a crowd that one address has no ports for connects from several', () => {
  expect(sourceAddressOf(9_999)).toEqual({})
  expect(sourceAddressOf(10_000)).toEqual({ localAddress: '127.0.0.2' })
  expect(sourceAddressOf(25_000)).toEqual({ localAddress: '127.0.0.3' })
})
