import { expect, test } from 'vitest'
import { startTestEngine } from './testing/index.ts'

test('S2 a client connects, calls and leaves', async () => {
  const engine = await startTestEngine({ project: { methods: { hello: (_scope, name) => `Hello ${String(name)}` } } })
  const ana = await engine.connect('ana')
  expect(await ana.call('hello', 'you')).toBe('Hello you')
  expect(ana.id).toMatch(/^[0-9A-F]{32}$/)
  await ana.close()
  expect(engine.reads.sessions({ query: { text: '', chips: [] }, sort: { column: 'createdAt', direction: 'descending' }, limit: 10, cursor: null }).total).toBe(
    1,
  )
})
