import { parseArgs } from 'node:util'

export const usage = `usage: npm run bench -- [--only P1] [--rounds 5] [--seconds 2] [--connections 50] [--depths 1,8]
                     [--peers tessera,socket.io,ws,fastify,trpc] [--client library|thin] [--json FILE]`

/**
 * @typedef {object} BenchOptions
 * @property {string[]} only
 * @property {number} rounds
 * @property {number} seconds of each peer in each round
 * @property {number} connections
 * @property {number[]} depths calls under way on each connection
 * @property {string[]} peers
 * @property {'library' | 'thin'} client what speaks to socket.io and Tessera: socket.io-client, or its frames by hand
 * @property {string | null} json
 */

/**
 * @param {readonly string[]} args
 * @param {{ benches: readonly string[], peers: readonly string[] }} known
 * @returns {BenchOptions}
 * @throws Error naming the option
 */
export const parseOptions = (args, known) => {
  const text = /** @type {const} */ ({ type: 'string' })
  const { values } = parseArgs({
    args: [...args],
    options: { only: text, rounds: text, seconds: text, connections: text, depths: text, peers: text, client: text, json: text },
  })
  const { client = 'library' } = values
  if (client !== 'library' && client !== 'thin') throw new Error('--client is library or thin.')
  return {
    only: among('--only', values.only, known.benches),
    rounds: number('--rounds', values.rounds ?? '5', 1, 1000),
    seconds: number('--seconds', values.seconds ?? '2', 0.1, 60),
    connections: number('--connections', values.connections ?? '50', 1, 2000),
    depths: (values.depths ?? '1,8').split(',').map((depth) => number('--depths', depth, 1, 256)),
    peers: among('--peers', values.peers, known.peers),
    client,
    json: values.json ?? null,
  }
}

/**
 * @param {string} option
 * @param {string | undefined} value
 * @param {readonly string[]} all
 */
const among = (option, value, all) => {
  if (value === undefined) return [...all]
  const chosen = value.split(',')
  const unknown = chosen.find((name) => !all.includes(name))
  if (unknown !== undefined) throw new Error(`${option}: there is no ${unknown}, but ${all.join(', ')}.`)
  return chosen
}

/**
 * @param {string} option
 * @param {string} value
 * @param {number} from
 * @param {number} to
 */
const number = (option, value, from, to) => {
  const read = Number(value)
  if (value !== '' && read >= from && read <= to) return read
  throw new Error(`${option} takes a number from ${from} to ${to}, not "${value}".`)
}
