import { afterEach, beforeEach } from 'vitest'
import { connectIn } from '../src/connect.ts'
import type { ConnectOptions } from '../src/connect-options.ts'
import type { Remote, RemoteEvents } from '../src/index.ts'
import { machine, type Surroundings } from '../src/surroundings.ts'
import { FakeServer } from './fake-server.ts'

/** A server for each test, and connections to it that are closed afterwards. */
export const eachWithServer = () => {
  const place = { server: undefined as unknown as FakeServer, remotes: [] as Remote[], connect }
  async function connect(options: Partial<ConnectOptions> = {}, surroundings: Surroundings = machine): Promise<Remote> {
    const remote = await connectIn(surroundings, { address: place.server.address, ...options })
    place.remotes.push(remote)
    return remote
  }
  beforeEach(async () => {
    place.server = await FakeServer.start()
  })
  afterEach(async () => {
    await Promise.all(place.remotes.splice(0).map((remote) => remote.close()))
    await place.server.stop()
  })
  return place
}

export const nextEvent = <Name extends keyof RemoteEvents>(remote: Remote, name: Name): Promise<RemoteEvents[Name]> =>
  new Promise((resolve) => {
    const stop = remote.on(name, (value) => {
      stop()
      resolve(value)
    })
  })

/** A promise that a test settles by hand. */
export const gate = <Value>() => {
  let open: (value: Value) => void = () => {}
  const opened = new Promise<Value>((resolve) => {
    open = resolve
  })
  return { opened, open }
}
