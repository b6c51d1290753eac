import fastify from 'fastify'
import { faults } from '../../../p2/faults.mjs'

export const start = async () => {
  const app = fastify({ logger: false, keepAliveTimeout: 120_000 })
  app.post('/echo', async (request) => request.body)
  for (const [name, { run }] of Object.entries(faults)) app.post(`/${name}`, async () => (await run()) ?? null)
  await app.ready()
  return app.server
}
