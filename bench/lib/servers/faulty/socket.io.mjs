import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { faults } from '../../../p2/faults.mjs'

export const start = () => {
  const http = createServer()
  const io = new Server(http, { path: '/live', addTrailingSlash: false, serveClient: false, transports: ['websocket'], perMessageDeflate: false })
  io.on('connection', (socket) => {
    socket.on('echo', (payload, reply) => reply(payload))
    for (const [name, { run }] of Object.entries(faults)) socket.on(name, async (_payload, reply) => reply(await run()))
  })
  return http
}
