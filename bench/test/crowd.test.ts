import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { wireParser } from '@tessera/protocol/wire'
import { Server } from 'socket.io'
import { afterEach, expect, test } from 'vitest'
import { startRole } from '../lib/role.mjs'
import { spreadOver } from '../lib/spread-over.mjs'

/** What the crowd sees of a server that keeps sessions by their tokens, or forgets some of them. */
const startKeeper = async () => {
  const http = createServer()
  const io = new Server(http, { path: '/live', addTrailingSlash: false, transports: ['websocket'], parser: wireParser })
  const sessionByToken = new Map<string, string>()
  const confirmed: string[] = []
  let last = 0
  io.of('/remote').use((socket, next) => {
    const resume: unknown = socket.handshake.auth['resume']
    const known = typeof resume === 'string' ? sessionByToken.get(resume) : `session ${++last}`
    if (known === undefined) return next(Object.assign(new Error('refused'), { data: { code: 'SESSION_ENDED' } }))
    socket.data = { sessionId: known, resumed: resume !== undefined }
    next()
  })
  io.of('/remote').on('connection', (socket) => {
    const { sessionId, resumed } = socket.data
    const resumeToken = `token ${++last}`
    sessionByToken.set(resumeToken, sessionId)
    socket.on('confirm', ({ token }: { token: string }) => confirmed.push(token))
    socket.emit('welcome', { sessionId, resumeToken, mainProcess: 1, resumed })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return { port: (http.address() as AddressInfo).port, sessionByToken, confirmed, stop: () => io.close() }
}

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0)) await step()
})

const startCrowd = () => {
  const crowd = startRole(new URL('../lib/crowd.mjs', import.meta.url))
  undo.push(() => crowd.stop())
  return (command: string, argument: unknown) => crowd.ask(command, argument, 20_000)
}

test('B25 a client that is refused when it comes back, or gets another session, is lost', async () => {
  const keeper = await startKeeper()
  undo.push(() => keeper.stop())
  const ask = startCrowd()
  const target = { kind: 'tessera', port: keeper.port, atOnce: 3 }
  await ask('open', { ...target, count: 10 })
  expect(await ask('comeBack', target)).toMatchObject({ back: 10, refused: {} })
  const [first, second] = [...keeper.sessionByToken.keys()].slice(-2)
  keeper.sessionByToken.delete(first ?? '')
  keeper.sessionByToken.set(second ?? '', 'somebody else')
  expect(await ask('comeBack', target)).toMatchObject({ back: 8, refused: { SESSION_ENDED: 1, 'another session': 1 } })
  expect(keeper.confirmed).toContain(second)
})

test('B25 clients that no longer find a server are lost, and the crowd knows when all of them are gone', async () => {
  const keeper = await startKeeper()
  const ask = startCrowd()
  const target = { kind: 'tessera', port: keeper.port, atOnce: 5 }
  await ask('open', { ...target, count: 5 })
  const gone = ask('awaitLoss', null)
  await keeper.stop()
  await gone
  const { back, refused } = await ask('comeBack', target)
  expect(back).toBe(0)
  expect(Object.keys(refused)[0]).toContain('ECONNREFUSED')
})

test('B27 the sessions that are looked at are spread over all', () => {
  expect(spreadOver(10, 4)).toEqual([0, 3, 6, 9])
  expect(spreadOver(2, 50)).toEqual([0, 1])
  expect(spreadOver(10, 1)).toEqual([0])
})
