import { expect, test, vi } from 'vitest'
import { eachWithServer, half } from './client.ts'

const place = eachWithServer()
const patience = { timeout: 10_000, interval: 20 }

/** Says when it is back, and calls the server for each message. */
const listening = half(`
  remote.on('resumed', ({ restarted }) => console.log('back', restarted))
  remote.on('message', async ({ text }) => console.log(text, await remote.server.call('echo')))
  export default () => { console.log('ready') }`)

test('K16 Ctrl+Z tells the server that the client sleeps, then stops both processes; continued, they wake and the session goes on', async () => {
  place.server.methods['echo'] = () => 'answered'
  place.server.publish('1', listening)
  const client = place.start()
  await client.says('ready')
  client.signal('SIGTSTP')
  await vi.waitFor(() => expect(client.states()).toEqual(['T', 'T']), patience)
  expect(place.server.left).toEqual(['sleep'])
  expect(place.server.connections).toBe(0)
  expect(client.output).toContain('# Asleep: ')
  client.signal('SIGCONT')
  await client.says('back false')
  expect(client.output).toContain('# Connected again.\n')
  place.server.say('message', { number: 1, text: 'Good morning', at: '2026-11-22T12:00:00.000Z' })
  await client.says('Good morning answered')
  expect(client.output).toContain('# Message from the administrator: Good morning')
  client.signal('SIGINT')
  expect(await client.exitCode).toBe(0)
  expect(place.server.byes).toBe(1)
})

test('K16 it can be put to sleep again', async () => {
  place.server.publish('1', listening)
  const client = place.start()
  await client.says('ready')
  for (const times of [1, 2]) {
    client.signal('SIGTSTP')
    await vi.waitFor(() => expect(client.states()).toEqual(['T', 'T']), patience)
    expect(place.server.left).toHaveLength(times)
    client.signal('SIGCONT')
    await vi.waitFor(() => expect(client.output.match(/back false/g)).toHaveLength(times), patience)
  }
})

test('K16 a restart of the server is told to the user and to the client half', async () => {
  place.server.publish('1', listening)
  const client = place.start()
  await client.says('ready')
  place.server.restarted = true
  place.server.cut()
  await client.says('back true')
  expect(client.output).toContain('# Connected again. The server was restarted')
})

test('K16 with mayPostpone the idle connection is given up, and a call of the client half opens it again', async () => {
  place.server.methods['echo'] = () => 'answered'
  place.server.publish(
    '1',
    half(`export default () => { process.on('SIGUSR2', async () => console.log(await remote.server.call('echo'))); console.log('ready', process.pid) }`),
  )
  const client = place.start({ mayPostpone: true })
  await client.says('ready')
  place.server.say('postpone', {})
  await vi.waitFor(() => expect(place.server.connections).toBe(0), patience)
  expect(place.server.left).toEqual(['postponed'])
  process.kill(Number(/ready (\d+)/.exec(client.output)?.[1]), 'SIGUSR2')
  await client.says('answered')
  expect(client.output).not.toContain('# ')
})
