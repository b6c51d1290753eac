import { connectByNumber } from './numbered.mjs'

/** @param {import('../peers.mjs').Target} target */
export const connect = (target) =>
  connectByNumber(target, {
    write: (id, payload) => JSON.stringify({ id, jsonrpc: '2.0', method: 'mutation', params: { path: 'echo', input: payload } }),
    read: ({ id, result }) => ({ id, answer: result?.data }),
  })
