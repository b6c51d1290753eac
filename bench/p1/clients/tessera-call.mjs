import { payloadText } from '@tessera/protocol'
import { utf8Bytes } from '@tessera/protocol/wire'

/**
 * A call of `echo` as Tessera's client sends it.
 * @param {number} process
 * @param {unknown} payload
 */
export const requestOf = (process, payload) => ({ process, method: 'echo', args: utf8Bytes(JSON.stringify([payload])) })

/** @param {{ ok: boolean, value: import('@tessera/protocol').Payload, error?: { message: string } }} reply */
export const answerOf = (reply) => {
  if (!reply.ok) throw new Error(`The call failed: ${reply.error?.message}`)
  return JSON.parse(payloadText(reply.value))
}
