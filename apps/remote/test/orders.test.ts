import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { eachWithServer, half } from './client.ts'

const place = eachWithServer()
const heard = async (count: number): Promise<readonly [string, unknown][]> => {
  while (place.server.heard.length < count) await pause(5)
  return place.server.heard
}

test('K34 a client half registers, runs its own methods for the server, and no others', async () => {
  const methods = {
    add: 'export default (a, b) => a + b',
    fail: "export default () => { throw new RangeError('too far') }",
    onServer: "export default callsServer('onServer')",
  }
  place.server.publish(
    '1',
    half(
      `export default async () => { await remote.register('till'); console.log('ready'); await new Promise(() => setInterval(() => 0, 1000)) }`,
      '',
      methods,
    ),
  )
  const client = place.start()
  await client.says('ready')
  for (const [index, method] of ['add', 'fail', 'onServer', 'none', 'toString'].entries()) place.server.order(index + 1, method, 40n, 2n)
  const [registered, ...done] = await heard(6)
  expect(registered).toEqual(['register', { name: 'till' }])
  expect(done.map(([, message]) => message).sort((a, b) => (a as { order: number }).order - (b as { order: number }).order)).toMatchObject([
    { order: 1, outcome: { ok: true, value: '{"$bigint":"42"}' } },
    {
      order: 2,
      outcome: { error: { code: 'METHOD_ERROR', className: 'RangeError', message: 'too far', stack: expect.stringContaining('methods/fail.js:2') } },
    },
    { order: 3, outcome: { error: { code: 'METHOD_NOT_FOUND' } } },
    { order: 4, outcome: { error: { code: 'METHOD_NOT_FOUND' } } },
    { order: 5, outcome: { error: { code: 'METHOD_NOT_FOUND' } } },
  ])
})

test('K34 a method that was not done when its client half was replaced is interrupted, and the next runs in the new half', async () => {
  const stay = `export default () => { console.log('ready') }`
  place.server.publish('1', half(stay, '', { which: 'export default () => new Promise(() => undefined)' }))
  place.server.publish('2', half(stay, '', { which: 'export default () => 2' }))
  const client = place.start()
  await client.says('ready')
  place.server.order(1, 'which')
  place.server.reload('2', 300)
  await client.says('# Version 2 runs now.')
  place.server.order(2, 'which')
  expect((await heard(2)).map(([, message]) => message)).toMatchObject([
    { order: 1, outcome: { error: { code: 'CALL_INTERRUPTED' } } },
    { order: 2, outcome: { ok: true, value: '2' } },
  ])
})
