import type { CommitReply, CommitRequest } from '@tessera/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ModelStorage, type ReplicaUnderTest } from '../../test/model-storage.ts'

interface Step {
  replica: number
  from: number
  to: number
}

const steps = fc.array(fc.record({ replica: fc.nat(3), from: fc.nat(3), to: fc.nat(3) }), { minLength: 2, maxLength: 14 })

/** Counts in two slots at once, so that commits conflict in part. */
const carryOut = ({ storage }: ReplicaUnderTest, { from, to }: Step): Promise<void> =>
  storage.use((draft) => {
    for (const slot of new Set([from, to])) draft[`slot${slot}`] = (draft[`slot${slot}`] ?? 0) + 1
  })

const expectedSlots = (done: readonly Step[]): Record<string, number> => {
  const slots: Record<string, number> = {}
  for (const { from, to } of done) for (const slot of new Set([from, to])) slots[`slot${slot}`] = (slots[`slot${slot}`] ?? 0) + 1
  return slots
}

/** Requests, answers and pushes arrive in any order that the scheduler likes. */
const property = (reply?: (reply: CommitReply, request: CommitRequest) => CommitReply) =>
  fc.asyncProperty(fc.scheduler(), steps, async (scheduler, done) => {
    const model = new ModelStorage((what) => scheduler.schedule(Promise.resolve(), what), reply)
    const replicas = Array.from({ length: 4 }, () => model.addReplica())
    const uses = done.map((step) => carryOut(replicas[step.replica] ?? model.addReplica(), step))
    const all = Promise.all(uses)
    await scheduler.waitFor(all)
    await scheduler.waitIdle()
    for (const { storage, replica } of replicas) {
      expect(replica.clock).toBe(model.document.clock)
      expect(storage.all()).toEqual(expectedSlots(done))
    }
  })

test('T1 replicas agree and lose nothing, however late and out of order messages come', async () => {
  await fc.assert(property(), { numRuns: 300 })
}, 60_000)

test('T1 the same runs find the fault of replies that carry only the caller’s own change', async () => {
  const result = await fc.check(property(ownChangeOnly), { numRuns: 300, endOnFailure: true })
  expect(result.failed).toBe(true)
}, 60_000)

const ownChangeOnly = ({ won, since }: CommitReply, { base, changes }: CommitRequest): CommitReply => ({
  won,
  since: won ? { from: base, clock: since.clock, changes } : since,
})
