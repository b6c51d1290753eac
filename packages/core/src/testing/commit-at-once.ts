import type { CommitReply, CommitRequest, Delta } from '../storage/delta.ts'
import type { StorageDocument, Writer } from '../storage/storage-document.ts'

/** A commit where every change is durable the moment it is decided. `delta`: what others must be told. */
export const commitAtOnce = (
  document: StorageDocument,
  request: Pick<CommitRequest, 'base' | 'touched' | 'changes'>,
  writer: Writer,
): { reply: CommitReply; delta: Delta | null } => {
  const decision = document.decide(request, writer)
  const delta = decision.won && decision.change !== null ? document.settle(decision.change) : null
  return { reply: { won: decision.won, since: document.since(request.base) }, delta }
}
