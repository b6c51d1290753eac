import { once } from 'node:events'
import { playRole } from './role.mjs'

playRole({
  start: async (/** @type {{ server: string, port?: number }} */ { server, port = 0 }) => {
    const http = await (await import(`./servers/${server}.mjs`)).start()
    http.listen({ port, host: '127.0.0.1', backlog: 4096 })
    await once(http, 'listening')
    return { port: http.address().port }
  },
})
