import { parseArgs } from 'node:util'

export const usage = `usage: npm run bench -- [--only P1,P6] [--rounds 5] [--peers tessera,socket.io,...] [--json FILE]
  P1          [--seconds 2] [--connections 50] [--depths 1,8] [--client library|thin]
  P3, P4, P9  [--sessions 10000]
  P6          [--seconds 10]`

/**
 * @typedef {object} BenchOptions
 * @property {string[]} only
 * @property {number} rounds
 * @property {number | null} seconds of each peer in each round; null: as long as the goal takes
 * @property {number} connections
 * @property {number[]} depths calls under way on each connection
 * @property {number} sessions
 * @property {string[] | null} peers null: all of each goal
 * @property {'library' | 'thin'} client what speaks to socket.io and Tessera: socket.io-client, or its frames by hand
 * @property {string | null} json
 */

/** Which goals an option is for; those that are not here are for all. @type {Readonly<Record<string, readonly string[]>>} */
const optionsOf = {
  seconds: ['P1', 'P6'],
  connections: ['P1'],
  depths: ['P1'],
  client: ['P1'],
  sessions: ['P3', 'P4', 'P9'],
}

/**
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, readonly string[]>>} known the peers of each goal
 * @returns {BenchOptions}
 * @throws Error naming the option
 */
export const parseOptions = (args, known) => {
  const text = /** @type {const} */ ({ type: 'string' })
  const { values } = parseArgs({
    args: [...args],
    options: { only: text, rounds: text, seconds: text, connections: text, depths: text, sessions: text, peers: text, client: text, json: text },
  })
  const { client = 'library' } = values
  if (client !== 'library' && client !== 'thin') throw new Error('--client is library or thin.')
  const only = among('--only', values.only ?? Object.keys(known).join(','), Object.keys(known))
  for (const [option, goals] of Object.entries(optionsOf)) {
    if (option in values && !only.some((goal) => goals.includes(goal)))
      throw new Error(`--${option} is for ${goals.join(', ')} alone, not for ${only.join(', ')}.`)
  }
  return {
    only,
    rounds: number('--rounds', values.rounds ?? '5', 1, 1000),
    seconds: values.seconds === undefined ? null : number('--seconds', values.seconds, 0.1, 600),
    connections: number('--connections', values.connections ?? '50', 1, 2000),
    depths: (values.depths ?? '1,8').split(',').map((depth) => number('--depths', depth, 1, 256)),
    sessions: number('--sessions', values.sessions ?? '10000', 1, 100_000),
    peers:
      values.peers === undefined
        ? null
        : among(
            '--peers',
            values.peers,
            only.flatMap((goal) => known[goal] ?? []),
          ),
    client,
    json: values.json ?? null,
  }
}

/**
 * @param {string} option
 * @param {string} value
 * @param {readonly string[]} all
 */
const among = (option, value, all) => {
  const chosen = value.split(',')
  const unknown = chosen.find((name) => !all.includes(name))
  if (unknown !== undefined) throw new Error(`${option}: there is no ${unknown}, but ${[...new Set(all)].join(', ')}.`)
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
  if (value !== '' && read >= from && read <= to && (option === '--seconds' || Number.isInteger(read))) return read
  throw new Error(`${option} takes a ${option === '--seconds' ? 'number' : 'whole number'} from ${from} to ${to}, not "${value}".`)
}
