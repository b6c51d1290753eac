import { parseArgs } from 'node:util'

import { faults } from '../p2/faults.mjs'

export const usage = `usage: npm run bench -- [--only P1,P6] [--rounds 5] [--peers tessera,socket.io,...] [--json FILE]
  P1               [--seconds 2] [--connections 50] [--depths 1,8] [--client library|thin]
  P2               [--seconds 10] [--callers 200] [--rate 5] [--faults ${Object.keys(faults).join(',')}]
  P3, P4, P9, P10  [--sessions 10000]
  P6               [--seconds 10]
  P10              [--seconds 15] [--connections 50]
  soak             [--minutes 20] [--callers 200] [--seed 1]   only where it is asked for: --only soak`

/**
 * @typedef {object} BenchOptions
 * @property {string[]} only
 * @property {number} rounds
 * @property {number | null} seconds of each peer in each round; null: as long as the goal takes
 * @property {number} connections
 * @property {number[]} depths calls under way on each connection
 * @property {number} sessions
 * @property {number} callers clients that call at a fixed rate
 * @property {number} rate calls a second of each of them
 * @property {string[] | null} faults null: all
 * @property {number} minutes
 * @property {number} seed of what is left to chance
 * @property {string[] | null} peers null: all of each goal
 * @property {'library' | 'thin'} client what speaks to socket.io and Tessera: socket.io-client, or its frames by hand
 * @property {string | null} json
 */

/** Which goals an option is for; those that are not here are for all. @type {Readonly<Record<string, readonly string[]>>} */
const optionsOf = {
  rounds: ['P1', 'P2', 'P3', 'P4', 'P6', 'P9', 'P10'],
  seconds: ['P1', 'P2', 'P6', 'P10'],
  connections: ['P1', 'P10'],
  depths: ['P1'],
  client: ['P1'],
  sessions: ['P3', 'P4', 'P9', 'P10'],
  callers: ['P2', 'soak'],
  rate: ['P2'],
  faults: ['P2'],
  minutes: ['soak'],
  seed: ['soak'],
}

/** These may be fractions. */
const fractions = ['--seconds', '--minutes', '--rate']

/**
 * @param {readonly string[]} args
 * @param {Readonly<Record<string, readonly string[]>>} known the peers of each goal
 * @param {readonly string[]} [onDemand] goals that are measured only where they are asked for
 * @returns {BenchOptions}
 * @throws Error naming the option
 */
export const parseOptions = (args, known, onDemand = []) => {
  const text = /** @type {const} */ ({ type: 'string' })
  const general = { only: text, rounds: text, peers: text, json: text, seconds: text }
  const ofSome = { connections: text, depths: text, sessions: text, client: text, callers: text, rate: text, faults: text, minutes: text, seed: text }
  const { values } = parseArgs({ args: [...args], options: { ...general, ...ofSome } })
  const { client = 'library' } = values
  if (client !== 'library' && client !== 'thin') throw new Error('--client is library or thin.')
  const usual = Object.keys(known).filter((goal) => !onDemand.includes(goal))
  const only = among('--only', values.only ?? usual.join(','), Object.keys(known))
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
    callers: number('--callers', values.callers ?? '200', 1, 5000),
    rate: number('--rate', values.rate ?? '5', 0.1, 100),
    faults: values.faults === undefined ? null : among('--faults', values.faults, Object.keys(faults)),
    minutes: number('--minutes', values.minutes ?? '20', 0.1, 1440),
    seed: number('--seed', values.seed ?? '1', 0, 2 ** 32 - 1),
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
  const fraction = fractions.includes(option)
  if (value !== '' && read >= from && read <= to && (fraction || Number.isInteger(read))) return read
  throw new Error(`${option} takes a ${fraction ? 'number' : 'whole number'} from ${from} to ${to}, not "${value}".`)
}
