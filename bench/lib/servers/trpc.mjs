import { createServer } from 'node:http'
import { initTRPC } from '@trpc/server'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { WebSocketServer } from 'ws'

export const start = () => {
  const t = initTRPC.create()
  const router = t.router({ echo: t.procedure.input((/** @type {unknown} */ payload) => payload).mutation(({ input }) => input) })
  const http = createServer()
  applyWSSHandler({ wss: new WebSocketServer({ server: http, perMessageDeflate: false }), router })
  return http
}
