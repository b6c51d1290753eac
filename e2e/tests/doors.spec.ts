import { protocolVersion } from '@tessera/protocol'
import { expect, test } from '../src/fixtures.ts'
import { ask } from '../src/http-request.ts'
import { enter, goodManners, knock } from '../src/raw-remote.ts'

test('G3 a forged Host is refused at /live before anything is said', async ({ house }) => {
  expect(await knock(house.url, { headers: { host: 'evil.example' } })).toMatchObject({ kind: 'closed' })
  const polled = await ask(`${house.url}/live?EIO=4&transport=polling`, { headers: { host: 'evil.example' } })
  expect(polled.status).toBeGreaterThanOrEqual(400)
})

test('G4 web pages cannot connect as remote clients', async ({ house }) => {
  for (const origin of ['http://evil.example', house.url, 'null']) {
    expect(await knock(house.url, { headers: { origin } }), origin).toMatchObject({ kind: 'refused', error: { code: 'ORIGIN_REFUSED' } })
  }
  const { socket } = await enter(house.url)
  socket.emit('bye')
})

test('G4 the console’s socket opens to its own pages alone', async ({ house }) => {
  const token = (await house.newLink()).split('#token=')[1] ?? ''
  const headers = { 'content-type': 'application/json', 'x-tessera-console': '1', origin: house.url }
  const signedIn = await ask(`${house.url}/trpc/auth.exchange`, { method: 'POST', headers, body: JSON.stringify({ json: { token } }) })
  const cookie = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const at = (more: Record<string, string>) => knock(house.url, { namespace: '/console', auth: {}, headers: more })
  expect(await at({ cookie, origin: house.url })).toEqual({ kind: 'closed', message: 'let in' })
  for (const foreign of [{ cookie, origin: 'http://evil.example' }, { cookie }, { cookie, origin: house.url, 'sec-fetch-site': 'cross-site' }]) {
    expect(await at(foreign), JSON.stringify(Object.keys(foreign))).toMatchObject({ kind: 'refused', error: { code: 'ORIGIN_REFUSED' } })
  }
  expect(await at({ origin: house.url })).toMatchObject({ kind: 'refused', error: { code: 'SIGN_IN_REQUIRED' } })
  expect(await knock(house.url, { namespace: '/console', auth: { token: house.ownerToken } })).toEqual({ kind: 'closed', message: 'let in' })
  expect(await knock(house.url, { namespace: '/console', auth: { token: 'x'.repeat(43) } })).toMatchObject({
    kind: 'refused',
    error: { code: 'SIGN_IN_REQUIRED' },
  })
})

test('G10 a client that speaks another protocol is told which one the server speaks', async ({ house }) => {
  for (const protocol of [protocolVersion - 1, protocolVersion + 1, 0, String(protocolVersion), undefined]) {
    const knocked = await knock(house.url, { auth: { ...goodManners, protocol } })
    expect(knocked, String(protocol)).toMatchObject({
      kind: 'refused',
      error: { code: 'PROTOCOL_MISMATCH', message: expect.stringContaining(`protocol ${protocolVersion};`) },
    })
  }
  expect(await knock(house.url, { auth: { protocol: protocolVersion, client: 'x'.repeat(1000) } })).toMatchObject({
    kind: 'refused',
    error: { code: 'BAD_REQUEST' },
  })
})

test('G10 messages that are none are answered, and the connection lives on', async ({ house }) => {
  const { welcome, socket } = await enter(house.url)
  const say = (name: string, message: unknown) => socket.timeout(10_000).emitWithAck(name as 'call', message as never)
  for (const message of [null, 7, {}, { process: 'x', method: 1, args: [] }])
    expect(await say('call', message)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  expect(await say('openProcess', { name: 5 })).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  for (const name of ['move', 'confirm']) expect(await say(name, null)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  expect(await say('call', { process: welcome.mainProcess, method: 'add', args: '[1,' })).toMatchObject({ ok: false })
  expect(await say('call', { process: 99, method: 'add', args: '[1,2]' })).toMatchObject({ ok: false, error: { code: 'PROCESS_NOT_FOUND' } })
  expect(await say('call', { process: welcome.mainProcess, method: 'add', args: '[1,2]' })).toEqual({ ok: true, value: Buffer.from('3') })
  socket.emit('bye')
})

test('G12 a server that serves another project says so', async ({ house, connect }) => {
  await expect(connect(house.url, { project: 'Elsewhere' })).rejects.toMatchObject({ code: 'UNKNOWN_PROJECT' })
  expect((await connect(house.url, { project: 'House' })).sessionId).toMatch(/^[0-9A-F]{32}$/)
})
