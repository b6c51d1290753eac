import { performance } from 'node:perf_hooks'
import { noteOf } from './fixture.mjs'
import { connectLive, Refused } from './live-client.mjs'
import { playRole } from './role.mjs'
import { connectBare } from './ws-client.mjs'

/** @typedef {'tessera' | 'socket.io' | 'ws'} Kind */
/** @typedef {{ index: number, connection: import('./live-client.mjs').LiveConnection, welcome: import('@tessera/protocol').Welcome | null, lost: boolean }} Member */

/** @type {Member[]} */
const members = []
/** How many members are lost now. */
let lost = 0
/** A connection that breaks while it opens is tried again, as every client does. */
const mostAttempts = 5
/** @type {() => void} */
let allLost = () => undefined

/**
 * @param {number} count
 * @param {number} atOnce
 * @param {(index: number) => Promise<void>} work
 */
const forEach = async (count, atOnce, work) => {
  let next = 0
  const some = async () => {
    for (let index = next++; index < count; index = next++) await work(index)
  }
  const from = performance.now()
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, some))
  return performance.now() - from
}

/**
 * @param {{ kind: Kind, port: number, index: number, resume?: string | null }} options
 * @returns {Promise<Member>}
 */
const connect = async ({ kind, port, index, resume = null }) => {
  /** @type {Member | null} */
  let member = null
  const onLost = () => {
    // One that was replaced meanwhile is nobody's loss.
    if (member === null || members[index] !== member) return
    member.lost = true
    if (++lost >= members.length) allLost()
  }
  const connection = kind === 'ws' ? await connectBare({ port, index, onLost }) : await connectLive({ kind, port, index, resume, onLost })
  member = { index, connection, welcome: connection.welcome, lost: false }
  return member
}

/**
 * Everybody in. @param {{ kind: Kind, port: number, count: number, atOnce: number }} options
 */
const open = async ({ kind, port, count, atOnce }) => {
  members.length = 0
  lost = 0
  const ms = await forEach(count, atOnce, async (index) => {
    members[index] = await connect({ kind, port, index })
  })
  return { ms }
}

/** @param {{ method: string, args: unknown[] }} call @param {Member} member */
const callOf = async ({ method, args }, { connection, welcome }) => {
  const reply = await connection.ask('call', { process: welcome?.mainProcess, method, args: JSON.stringify(args) })
  if (!reply.ok) throw new Error(`${method} failed: ${JSON.stringify(reply.error)}`)
  return JSON.parse(reply.value)
}

/** Each session keeps a note of its own. @param {{ bytes: number, atOnce: number }} options */
const keep = async ({ bytes, atOnce }) => {
  const ms = await forEach(members.length, atOnce, async (index) => {
    const length = await callOf({ method: 'keep', args: [noteOf(index, bytes)] }, memberAt(index))
    if (length !== bytes) throw new Error(`Session ${index} answered ${length} in place of ${bytes}`)
  })
  return { ms }
}

/** How many of these sessions hold the note that they were given. @param {{ indices: number[], bytes: number }} options */
const recall = async ({ indices, bytes }) => {
  let wrong = 0
  for (const index of indices) {
    const note = await callOf({ method: 'recall', args: [] }, memberAt(index))
    if (note !== noteOf(index, bytes)) wrong += 1
  }
  return { wrong }
}

/** Each bare connection answers what it is sent. */
const echo = async () => {
  for (const { index, connection } of members) {
    const answer = await connection.ask('echo', { index })
    if (answer?.index !== index) throw new Error(`Connection ${index} answered ${JSON.stringify(answer)}`)
  }
}

const memberAt = (/** @type {number} */ index) => {
  const member = members[index]
  if (member === undefined) throw new Error(`There is no client ${index}.`)
  return member
}

/** Waits until every connection is gone. */
const awaitLoss = () =>
  new Promise((resolve) => {
    allLost = () => resolve(null)
    if (lost >= members.length) resolve(null)
  })

/**
 * Everybody back, or those that are named: a session that is refused, or another than it was, is lost.
 * @param {{ kind: Kind, port: number, atOnce: number, indices?: number[] }} options
 */
const comeBack = async ({ kind, port, atOnce, indices }) => {
  const who = indices ?? members.map(({ index }) => index)
  /** @type {Record<string, number>} */
  const refused = {}
  let back = 0
  const ms = await forEach(who.length, atOnce, async (at) => {
    const before = memberAt(who[at] ?? -1)
    const why = await takeUp(before, { kind, port })
    if (why === null) back += 1
    else refused[why] = (refused[why] ?? 0) + 1
  })
  return { ms, back, refused }
}

/**
 * @param {Member} before
 * @param {{ kind: Kind, port: number }} target
 * @returns {Promise<string | null>} why it is lost
 */
const takeUp = async (before, { kind, port }) => {
  const { index, welcome } = before
  let why = ''
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    try {
      const after = await connect({ kind, port, index, resume: welcome?.resumeToken ?? null })
      if (before.lost) lost -= 1
      members[index] = after
      return after.welcome?.sessionId === welcome?.sessionId && (after.welcome === null || after.welcome.resumed) ? null : 'another session'
    } catch (error) {
      if (error instanceof Refused) return error.code
      why = error instanceof Error ? error.message : String(error)
    }
  }
  return why
}

const leave = () => {
  for (const { connection } of members) connection.close()
  members.length = 0
}

playRole({ open, keep, recall, echo, awaitLoss, comeBack, leave })
