import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

/** The floor: JSON in a text message, there and back. */
export const start = () => {
  const http = createServer()
  const wss = new WebSocketServer({ server: http, perMessageDeflate: false })
  wss.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { id, payload } = JSON.parse(data.toString())
      socket.send(JSON.stringify({ id, payload }))
    })
  })
  return http
}
