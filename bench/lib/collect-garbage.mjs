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
 * @returns {Promise<number>} bytes of the heap that are in use then
 */
export const collectGarbage = async (port) => {
  const [target] = /** @type {{ webSocketDebuggerUrl: string }[]} */ (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json())
  if (target === undefined) throw new Error(`Nothing to inspect at port ${port}.`)
  const socket = new WebSocket(target.webSocketDebuggerUrl, { perMessageDeflate: false })
  await once(socket, 'open')
  const ask = async (/** @type {string} */ method) => {
    socket.send(JSON.stringify({ id: 1, method }))
    const [answer] = await once(socket, 'message')
    return JSON.parse(String(answer)).result
  }
  for (let time = 0; time < times; time++) await ask('HeapProfiler.collectGarbage')
  const { usedSize } = await ask('Runtime.getHeapUsage')
  socket.close()
  await once(socket, 'close')
  return usedSize
}
