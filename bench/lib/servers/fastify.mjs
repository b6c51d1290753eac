import fastify from 'fastify'

export const start = async () => {
  const app = fastify({ logger: false, keepAliveTimeout: 120_000 })
  app.post('/echo', async (request) => request.body)
  await app.ready()
  return app.server
}
