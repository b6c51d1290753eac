import { connectByNumber } from './numbered.mjs'

/** @param {import('../peers.mjs').Target} target */
export const connect = (target) =>
  connectByNumber(target, {
    write: (id, payload) => JSON.stringify({ id, payload }),
    read: ({ id, payload }) => ({ id, answer: payload }),
  })
