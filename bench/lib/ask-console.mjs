import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What the console of a server that runs here would read, as its owner.
 * @param {string} dataDirectory
 * @param {string} read as in `processes.list`
 * @param {unknown} [input]
 * @returns {Promise<any>} null where this server has no such read, or does not answer
 */
export const askConsole = async (dataDirectory, read, input = {}) => {
  const { url, token } = JSON.parse(await readFile(join(dataDirectory, 'server.json'), 'utf8'))
  try {
    const query = encodeURIComponent(JSON.stringify({ json: input }))
    const response = await fetch(`${url}/trpc/${read}?input=${query}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!response.ok) return null
    const { result } = /** @type {{ result: { data: { json: unknown } } }} */ (await response.json())
    return result.data.json
  } catch {
    return null
  }
}

const timeoutMs = 2000
