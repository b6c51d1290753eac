import { once } from 'node:events'
import { WebSocket } from 'ws'

/**
 * Options for a node that `collectGarbage` reaches. It says nothing of it on standard error.
 * @param {number} port
 */
export const collectableAt = (port) => [`--inspect=127.0.0.1:${port}`, '--inspect-publish-uid=http']

/** Once may leave what only finalizers let go. */
const times = 3

/**
 * Makes a server collect its garbage from outside, whoever wrote it, so that memory is compared and not the luck of the collector.
 * @param {number} port the one given to `collectableAt`
 */
export const collectGarbage = async (port) => {
  const [target] = /** @type {{ webSocketDebuggerUrl: string }[]} */ (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json())
  if (target === undefined) throw new Error(`Nothing to inspect at port ${port}.`)
  const socket = new WebSocket(target.webSocketDebuggerUrl, { perMessageDeflate: false })
  await once(socket, 'open')
  for (let id = 1; id <= times; id++) {
    socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }))
    await once(socket, 'message')
  }
  socket.close()
  await once(socket, 'close')
}
