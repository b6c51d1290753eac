import { Crew } from '../lib/crew.mjs'
import { playRole } from '../lib/role.mjs'

const crew = new Crew()

playRole({
  open: (/** @type {{ port: number, count: number }} */ { port, count }) => crew.connect({ kind: 'tessera', port, count }),
  capacity: (/** @type {{ seconds: number }} */ { seconds }) => crew.measureCapacity(seconds),
  callFor: async (/** @type {{ seconds: number, perSecond: number }} */ plan) => {
    crew.expect(Math.round(plan.seconds * plan.perSecond))
    return crew.callFor(plan)
  },
  /** Of the calls that were due in the last so many. */
  look: (/** @type {{ last: number }} */ { last }) => crew.stretch(Math.max(0, crew.due - last), crew.due),
  settle: async (/** @type {{ mostMs: number, stretches: { from: number, to: number }[] }} */ { mostMs, stretches }) => {
    await crew.settle(mostMs)
    return { stretches: stretches.map(({ from, to }) => crew.stretch(from, to)), whole: crew.stretch(0, crew.due), lost: crew.lost }
  },
})
