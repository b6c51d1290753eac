import { expect, test } from 'vitest'
import { startRole } from '../lib/role.mjs'

test('B22 who asks a process that has ended is told so, and why it ended', async () => {
  const missing = startRole(new URL('./no-such-role.mjs', import.meta.url))
  await expect(missing.ask('start', null, 20_000)).rejects.toThrow('no-such-role.mjs')
  await expect(missing.ask('start', null, 20_000)).rejects.toThrow('was not heard, for it has ended')
  await missing.stop()
})
