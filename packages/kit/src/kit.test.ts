import { afterEach, describe, expect, test, vi } from 'vitest'
import { callsServer, isServerCall } from './client/index.ts'
import { currentProcess, onServer, processActivity, progress, remote, serverMethodOf, session, storedProcedures, z } from './index.ts'
import { installKitHost, type KitHost } from './kit-host.ts'

const place = Symbol.for('tessera.kit.host.1')
afterEach(() => {
  Reflect.deleteProperty(globalThis, place)
})

const host = (parts: Partial<KitHost>): KitHost => ({ session: () => null, remote: null, ...parts }) as KitHost

describe('the kit', () => {
  test('X13 outside Tessera session() is null and the rest says where it belongs', () => {
    expect(session()).toBeNull()
    for (const use of [() => currentProcess(), () => progress(0.5), () => storedProcedures.start('x'), () => remote.version]) {
      expect(use).toThrow(/only inside Tessera/)
    }
  })

  test('X13 the kit of a package finds the host of whoever runs it', async () => {
    const startProcedure = vi.fn<KitHost['startProcedure']>(() => Promise.reject(new Error('seen')))
    const callServer = vi.fn<KitHost['callServer']>(() => Promise.resolve('answered'))
    installKitHost(host({ startProcedure, callServer }))
    await expect(storedProcedures.start('report', [1], { unique: true })).rejects.toThrow('seen')
    expect(startProcedure).toHaveBeenCalledWith('report', [1], { unique: true })
    expect(await callsServer('orders/place')('a', 2)).toBe('answered')
    expect(callServer).toHaveBeenCalledWith('orders/place', ['a', 2])
  })

  test('P57 process activity is asked for all sessions or one', async () => {
    const asked = vi.fn<KitHost['processActivity']>(() => Promise.resolve(null))
    installKitHost(host({ processActivity: asked }))
    await Promise.all([processActivity(), processActivity(2), processActivity('A'), processActivity('A', 1)])
    expect(asked.mock.calls).toEqual([
      [null, 0],
      [null, 2],
      ['A', 0],
      ['A', 1],
    ])
  })

  test('K29 what is no start of a stored procedure is refused before anybody is asked', async () => {
    const startProcedure = vi.fn<KitHost['startProcedure']>(() => Promise.reject(new Error('asked')))
    installKitHost(host({ startProcedure }))
    for (const given of [[7], ['x', 'y'], ['x', [], { name: 7 }], ['x', [], { unique: 'yes' }]] as never as Parameters<typeof storedProcedures.start>[]) {
      await expect(storedProcedures.start(...given)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    }
    expect(startProcedure).not.toHaveBeenCalled()
  })

  test('X13 server code may register for the client half, and may not use it', () => {
    installKitHost(host({}))
    expect(() => remote.afterReload(() => undefined)).not.toThrow()
    expect(() => remote.sessionId).toThrow(/client half/)
  })

  test('K34 alone and on the server registering for orders does nothing', async () => {
    installKitHost(host({}))
    expect(await remote.register('till')).toBeUndefined()
    expect(await remote.unregister()).toBeUndefined()
  })

  test('K34 the stub of a server method is known as one', () => {
    expect([isServerCall(callsServer('a')), isServerCall(() => 1), isServerCall('callsServer')]).toEqual([true, false, false])
  })

  test('X14 a method made with onServer keeps its function and options, and is called like the function, awaited', async () => {
    const schema = z.tuple([z.number()])
    const method = onServer((n: number) => n + 1, { input: schema, groups: ['Sales'] })
    expect(await method(1)).toBe(2)
    expect(serverMethodOf(method)).toMatchObject({ options: { input: schema, groups: ['Sales'] } })
    expect(serverMethodOf((n: number) => n)).toBeUndefined()
    expect(serverMethodOf('onServer')).toBeUndefined()
  })

  test('X14 what a method throws rejects, also when it throws at once', async () => {
    const method = onServer(() => {
      throw new RangeError('too far')
    })
    await expect(method()).rejects.toThrow(RangeError)
  })
})
