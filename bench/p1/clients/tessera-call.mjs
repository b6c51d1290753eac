/**
 * A call of `echo` as Tessera's client sends it.
 * @param {number} process
 * @param {unknown} payload
 */
export const requestOf = (process, payload) => ({ process, method: 'echo', args: JSON.stringify([payload]) })

/** @param {{ ok: boolean, value: string, error?: { message: string } }} reply */
export const answerOf = (reply) => {
  if (!reply.ok) throw new Error(`The call failed: ${reply.error?.message}`)
  return JSON.parse(reply.value)
}
