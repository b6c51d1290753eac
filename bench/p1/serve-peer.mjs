import { once } from 'node:events'
import { playRole } from '../lib/role.mjs'

playRole({
  start: async (/** @type {{ server: string }} */ { server }) => {
    const http = await (await import(`./servers/${server}.mjs`)).start()
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    return { port: http.address().port }
  },
})
