import { expect, test } from 'vitest'
import { eachWithServer, half } from './client.ts'

const place = eachWithServer()

const first = half(`
  remote.beforeReload(() => ({ page: 7, since: new Date(0) }))
  export default async () => { await (await remote.process('cart')).call('inCart'); console.log('first', remote.version) }`)
const second = half(`
  remote.afterReload(async ({ page, since }) => { console.log('second', remote.version, page, since.getTime()); await remote.server.call('inSecond') })
  export default () => console.log('onStartup of the second')`)

test('a reload hands over from beforeReload to afterReload at once when the half is ready; onExit and onStartup do not run', async () => {
  place.server.publish('1', first)
  place.server.publish('2', second)
  const client = place.start()
  await client.says('first 1')
  place.server.reload('2', 60_000)
  await client.says('# Version 2 runs now.')
  await client.says('second 2 7 0')
  expect(client.output).toContain('# Reload to version 2 within 60 s: New prices')
  expect(place.server.moves).toEqual(['2'])
  expect(place.server.closedProcesses).toEqual([2])
  client.signal('SIGINT')
  expect(await client.exitCode).toBe(0)
  expect(client.output.match(/onExit/g)).toHaveLength(1)
  expect(client.output).not.toContain('onStartup of the second')
  expect(place.server.byes).toBe(1)
})

test('a new half without afterReload starts afresh, with the same userParam', async () => {
  place.server.publish('1', first)
  place.server.publish('2', half(`export default () => console.log('afresh', remote.userParam)`))
  const client = place.start({ userParam: 'Ann' })
  await client.says('first 1')
  place.server.reload('2', 60_000)
  await client.says('afresh Ann')
})

test('a half without beforeReload works on until the deadline; nothing is handed over', async () => {
  place.server.publish('1', half(`export default () => { setInterval(() => remote.server.call('work'), 10); console.log('first') }`))
  place.server.publish('2', half(`remote.afterReload((value) => console.log('second', value)); export default () => 0`))
  const client = place.start()
  await client.says('first')
  const noticed = Date.now()
  place.server.reload('2', 800)
  await client.says('second null')
  expect(Date.now() - noticed).toBeGreaterThanOrEqual(790)
  expect(place.server.moves).toEqual(['2'])
})

test('a hook that takes too long is not waited for after the deadline; one that fails hands over nothing', async () => {
  const after = half(
    `remote.afterReload((value) => console.log(remote.version, 'got', value)); remote.beforeReload(() => { throw new Error('no hand') }); export default () => 0`,
  )
  place.server.publish('1', half(`remote.beforeReload(() => new Promise(() => {})); export default () => console.log('first')`))
  place.server.publish('2', after)
  place.server.publish('3', { ...after, 'extra.txt': 'another version' })
  const client = place.start()
  await client.says('first')
  place.server.reload('2', 300)
  await client.says('2 got null')
  place.server.reload('3', 60_000)
  await client.says('3 got null')
  expect(client.output).toContain('beforeReload failed, nothing is handed over: Error: no hand')
})

test('a version that cannot be loaded leaves the old one at work', async () => {
  place.server.publish(
    '1',
    half(`remote.beforeReload(() => 1); remote.on('message', () => console.log('still here')); export default () => console.log('first')`),
  )
  place.server.publish('2', half('syntax error here'))
  const client = place.start()
  await client.says('first')
  place.server.reload('2', 60_000)
  await client.says('# The reload to version 2 failed')
  expect(place.server.moves).toEqual([])
  place.server.say('message', { number: 1, text: 'anyone?', at: '2026-11-22T12:00:00.000Z' })
  await client.says('still here')
})

test('calls made while the session moves reach the new version or the old half, none is lost on the way', async () => {
  place.server.publish(
    '1',
    half(`remote.beforeReload(() => 0); export default async () => { console.log('first'); for (;;) await remote.server.call('work') }`),
  )
  place.server.publish('2', half(`remote.afterReload(async () => console.log('second', await remote.server.call('work'))); export default () => 0`))
  place.server.methods['work'] = () => place.server.version.id
  const client = place.start()
  await client.says('first')
  place.server.reload('2', 60_000)
  await client.says('second 2')
})
