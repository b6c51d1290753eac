import { expect, test } from '../src/fixtures.ts'
import { houseFiles } from '../src/house-project.ts'
import { enter, rawCall } from '../src/raw-remote.ts'

const limit = 1_048_576
const textOf = (bytes: number): string => JSON.stringify(['x'.repeat(bytes)])

test('G11 arguments over the limit are refused, and a small call in flight on the same connection succeeds', async ({ house }) => {
  const { welcome, socket } = await enter(house.url)
  const call = (method: string, args: string) => rawCall(socket, { process: welcome.mainProcess, method, args })
  const small = call('waitFor', '["later"]')
  for (const bytes of [limit, 2 * limit, 3.9 * limit]) {
    expect(await call('length', textOf(Math.floor(bytes)))).toMatchObject({ ok: false, error: { code: 'PAYLOAD_TOO_LARGE' } })
  }
  await house.cli.ok(['storage', 'set', welcome.sessionId, 'later', '"now"'])
  expect(await small).toEqual({ ok: true, value: '"now"' })
  expect(await call('length', textOf(limit - 100))).toEqual({ ok: true, value: String(limit - 100) })
  socket.emit('bye')
})

test('G11 the SDK refuses them before they are sent', async ({ house, connect }) => {
  const remote = await connect(house.url)
  const small = remote.call('waitFor', 'later')
  await expect(remote.call('length', 'x'.repeat(2 * limit))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
  await house.cli.ok(['storage', 'set', remote.sessionId, 'later', '"now"'])
  expect(await small).toBe('now')
})

test('T7 a session’s storage holds what --storage-quota says, and what would break it changes nothing', async ({ newProject, serve, connect }) => {
  const server = await serve({ project: newProject(houseFiles), args: ['--storage-quota', '2048'] })
  const remote = await connect(server.url)
  await remote.call('remember', 'kept', 'x'.repeat(1000))
  await expect(remote.call('remember', 'more', 'x'.repeat(2000))).rejects.toMatchObject({ code: 'STORAGE_QUOTA_EXCEEDED' })
  expect(await server.cli.json(['storage', 'get', remote.sessionId])).toMatchObject({ clock: 1, slots: { kept: 'x'.repeat(1000) } })
})
