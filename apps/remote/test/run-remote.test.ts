import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MethodError, TesseraError } from '@tessera/protocol'
import { expect, test } from 'vitest'
import { eachWithServer, half } from './client.ts'

const place = eachWithServer()

test('the client half starts, calls the server, and quits: onExit runs and the session says goodbye', async () => {
  place.server.methods['greet'] = (name) => `Hello ${String(name)}`
  place.server.publish('1', half(`export default async () => { console.log(await remote.server.call('greet', remote.userParam)); await remote.quit() }`))
  const client = place.start({ userParam: 'Ann' })
  expect(await client.exitCode).toBe(0)
  expect(client.output).toBe('Hello Ann\nonExit\n')
  expect(place.server.byes).toBe(1)
})

test('values and errors of the server arrive in the client half as they are', async () => {
  place.server.methods['echo'] = (...args) => args
  place.server.methods['fail'] = () => {
    throw new MethodError('OutOfStock', 'No lamps left.', 'OutOfStock: No lamps left.\n    at methods/order.ts:1:1')
  }
  place.server.publish(
    '1',
    half(`export default async () => {
      const [date, big] = await remote.server.call('echo', new Date(0), 7n)
      console.log(date.toISOString(), typeof big)
      await remote.server.call('fail').catch((error) => console.log(error.className, error.code, error.stack))
      await remote.server.call('echo', () => 1).catch((error) => console.log(error.code))
      await remote.quit()
    }`),
  )
  const client = place.start()
  await client.exitCode
  expect(client.output).toContain('1970-01-01T00:00:00.000Z bigint\nOutOfStock METHOD_ERROR OutOfStock: No lamps left.')
  expect(client.output).toContain('NOT_STORABLE\n')
})

test('a client half has no session object and nothing else that belongs to the server', async () => {
  place.server.publish(
    '1',
    half(`export default async () => {
      console.log(session(), await sessionInfo('x').catch((error) => error.code), remote.sessionId)
      await remote.quit()
    }`),
  )
  const client = place.start()
  await client.exitCode
  expect(client.output).toContain(`null NOT_AVAILABLE_HERE ${'A'.repeat(32)}`)
})

test('K29 a client half starts stored procedures with the line that server code uses', async () => {
  place.server.publish(
    '1',
    half(`export default async () => {
      const handle = await storedProcedures.start('report', [1], { name: 'nightly' })
      handle.onProgress(({ fraction, text }) => console.log('heard', fraction, text))
      console.log(handle.id, handle.number, handle.name, await handle.result, handle.progress.text, await handle.cancel())
      await remote.quit()
    }`),
  )
  const client = place.start()
  await client.exitCode
  expect(client.output).toContain('heard 0.5 half\nheard 0.75 more\nid of report -9 nightly result of id of report more false')
})

test('each process of the client half has a twin of its own, until it is closed', async () => {
  place.server.publish(
    '1',
    half(`export default async () => {
      const cart = await remote.process('cart')
      await cart.call('inCart')
      await remote.server.call('inMain')
      await cart.close()
      await cart.call('closed').catch((error) => console.log(error.code))
      await remote.quit()
    }`),
  )
  const client = place.start()
  await client.exitCode
  expect(place.server.calls.map(({ process, method }) => [process, method])).toEqual([
    [2, 'inCart'],
    [1, 'inMain'],
  ])
  expect(place.server.closedProcesses).toEqual([2])
  expect(client.output).toContain('PROCESS_NOT_FOUND')
})

test('K24 signal, deadline and key of the client half go with its calls', async () => {
  place.server.methods['never'] = () => new Promise(() => undefined)
  place.server.publish(
    '1',
    half(`export default async () => {
      const cart = await remote.process('cart')
      await remote.server.callWith({ key: 'k', deadlineMs: 500 }, 'inMain', 1)
      await cart.callWith({ deadlineMs: 0 }, 'inCart').catch((error) => console.log(error.code))
      const wanted = new AbortController()
      const call = cart.callWith({ signal: wanted.signal }, 'never').catch((error) => console.log(error.code))
      setTimeout(() => wanted.abort(), 200)
      await call
      await remote.server.callWith({ signal: wanted.signal }, 'late').catch((error) => console.log(error.code))
      await remote.quit()
    }`),
  )
  const client = place.start()
  await client.exitCode
  expect(client.output).toContain('DEADLINE_INVALID\nCALL_CANCELLED\nCALL_CANCELLED\n')
  expect(place.server.calls.map(({ process, method, args }) => [process, method, args])).toEqual([
    [1, 'inMain', [1]],
    [2, 'never', []],
  ])
  const request = expect.any(String)
  expect(place.server.extras).toEqual([{ key: 'k', deadlineMs: 500, request }, { request }])
  expect(place.server.cancelled).toEqual([place.server.extras[1]?.request])
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it like a quit', async (name) => {
  place.server.publish('1', half(`export default () => { console.log('ready') }`, `console.log(await remote.server.call('lastWords'))`))
  place.server.methods['lastWords'] = () => 'farewell'
  const client = place.start()
  await client.says('ready')
  client.signal(name)
  expect(await client.exitCode).toBe(0)
  expect(client.output).toContain('farewell')
  expect(place.server.byes).toBe(1)
})

test('an error in onStartup is told with its place in the project, and the exit code is 1', async () => {
  place.server.publish('1', half(`export default () => {\n  throw new TypeError('broken')\n}`))
  const client = place.start()
  expect(await client.exitCode).toBe(1)
  expect(client.output).toMatch(/# The client half failed: TypeError: broken\n\s+at .*database\/onStartup\.js:3:9/)
  expect(client.output).not.toContain(place.cacheDir)
  expect(place.server.byes).toBe(1)
})

test('a client half that dies is told, and the exit code is 1', async () => {
  place.server.publish('1', half(`export default () => { process.exit(7) }`))
  const client = place.start()
  expect(await client.exitCode).toBe(1)
  expect(client.output).toContain('exit code 7')
  expect(place.server.byes).toBe(1)
})

test('disconnected by the administrator: the reason is shown, onExit runs without a server, the exit code is 3 (4d.md DBM-33)', async () => {
  place.server.publish(
    '1',
    half(
      `export default () => { remote.on('closing', ({ reason }) => console.log('closing', reason)); console.log('ready') }`,
      `console.log(await remote.server.call('save').catch((error) => error.code))`,
    ),
  )
  const client = place.start()
  await client.says('ready')
  place.server.say('closing', { code: 'SESSION_ENDED', reason: 'Stocktaking' })
  expect(await client.exitCode).toBe(3)
  expect(client.output).toBe('ready\n# The server ended this session: Stocktaking (SESSION_ENDED)\nclosing Stocktaking\nSESSION_ENDED\n')
})

test('a connection that is lost is told, and opened again', async () => {
  place.server.publish(
    '1',
    half(`export default () => { remote.on('message', async ({ text }) => console.log(text, await remote.server.call('echo'))); console.log('ready') }`),
  )
  const client = place.start()
  await client.says('ready')
  place.server.cut()
  await client.says('# Connected again.')
  expect(client.output).toContain('# The server does not answer: trying again for up to 15 minutes.')
  place.server.say('message', { number: 1, text: 'Still there?', at: '2026-11-22T12:00:00.000Z' })
  await client.says('Still there? null')
})

test('the package is unpacked read-only, and fetched once', async () => {
  place.server.publish('1', half(`export default () => remote.quit()`))
  await place.start().exitCode
  const [unpacked] = readdirSync(place.cacheDir).filter((name) => name === place.server.version.digest)
  expect(statSync(join(place.cacheDir, unpacked ?? '', 'database', 'onStartup.js')).mode & 0o222).toBe(0)
  const fetched = place.server.fetched.length
  expect(await place.start().exitCode).toBe(0)
  expect(place.server.fetched).toHaveLength(fetched)
})

test('damaged bytes are never run', async () => {
  const files = half(`export default () => remote.quit()`)
  place.server.publish('1', files)
  place.server.damage(files['database/onStartup.js'] ?? '')
  const client = place.start()
  expect(await client.exitCode).toBe(9)
  expect(client.output).toMatch(/^! PACKAGE_DAMAGED /)
})

test('what cannot start is the caller’s error', async () => {
  place.server.publish('1', half('syntax error here'))
  const client = place.start()
  expect(await client.exitCode).toBe(9)
  expect(client.output).toContain('VERSION_REJECTED')
  expect(place.server.byes).toBe(1)
})

test('the server is not called while modules load', async () => {
  place.server.methods['late'] = () => {
    throw new TesseraError('INTERNAL', 'was called')
  }
  place.server.publish('1', half(`await remote.server.call('late')\nexport default () => 0`))
  const client = place.start()
  expect(await client.exitCode).toBe(9)
  expect(client.output).toContain('onStartup or afterReload')
  expect(place.server.calls).toEqual([])
})
