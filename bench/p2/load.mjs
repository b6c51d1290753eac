import { connectCaller } from '../lib/caller.mjs'
import { Crew } from '../lib/crew.mjs'
import { playRole } from '../lib/role.mjs'

/** Of a phase: what tells whether the server still answers. */
const lastSeconds = 2
/** Answers that come later than this after the last call are not waited for. */
const settleMs = 2000

/** @type {Crew | null} */
let crew = null
/** @type {import('../lib/caller.mjs').Caller | null} */
let culprit = null
let outcome = 'never answered'

/** @param {{ kind: import('../lib/caller.mjs').Kind, port: number, count: number, calls: number }} options */
const open = async ({ kind, port, count, calls }) => {
  crew = new Crew()
  crew.expect(calls)
  await crew.connect({ kind, port, count })
  culprit = await connectCaller({
    kind,
    port,
    index: count,
    onLost: () => {
      if (outcome === 'never answered') outcome = 'connection lost'
    },
  })
  await culprit.call('echo', null)
  return { sessionId: culprit.sessionId }
}

/**
 * Everybody calls for so long; the fault, if any, is the first that happens.
 * @param {{ seconds: number, perSecond: number, fault: string | null }} phase
 */
const callFor = async ({ seconds, perSecond, fault }) => {
  if (fault !== null) void commit(fault)
  const here = needCrew()
  const { from, to, latest } = await here.callFor({ seconds, perSecond })
  const last = here.stretch(Math.max(from, to - Math.round(lastSeconds * perSecond)), to)
  return { from, to, latest, answers: last.answered > 0 }
}

/** @param {string} fault */
const commit = async (fault) => {
  try {
    await culprit?.call(fault, null)
    outcome = 'answered'
  } catch (error) {
    outcome = error instanceof Error && 'code' in error ? String(error.code) : 'answered otherwise'
  }
}

/** What became of everything. @param {{ stretches: { from: number, to: number }[] }} options */
const settle = async ({ stretches }) => {
  const here = needCrew()
  await here.settle(settleMs)
  return { stretches: stretches.map(({ from, to }) => here.stretch(from, to)), lost: here.lost, culprit: outcome }
}

const needCrew = () => {
  if (crew === null) throw new Error('Nobody is connected.')
  return crew
}

playRole({ open, callFor, settle })
