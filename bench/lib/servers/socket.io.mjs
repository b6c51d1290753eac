import { createServer } from 'node:http'
import { Server } from 'socket.io'

/** The handler runs in-process; the options are Tessera's own. */
export const start = () => {
  const http = createServer()
  const io = new Server(http, { path: '/live', addTrailingSlash: false, serveClient: false, transports: ['websocket'], perMessageDeflate: false })
  io.on('connection', (socket) => {
    socket.on('echo', (payload, reply) => reply(payload))
  })
  return http
}
