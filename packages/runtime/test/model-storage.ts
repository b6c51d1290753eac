import { asSessionId, type CommitReply, type CommitRequest, type Delta, type HostAnswers, type HostRequest } from '@tessera/core'
import type { Ask } from '../src/inside/call.ts'
import { Replica } from '../src/inside/replica.ts'
import { SharedStorage } from '../src/inside/shared-storage.ts'
import { ModelDocument } from './model-document.ts'

export const sessionId = asSessionId('S')

/** How things travel between the master copy and its replicas: each step resolves when the network says so. */
export type Network = (what: string) => Promise<void>

const atOnce: Network = () => Promise.resolve()

export interface ReplicaUnderTest {
  replica: Replica
  storage: SharedStorage
}

/** One document, its master copy and any number of replicas, over a network that may be as bad as a test wants. */
export class ModelStorage {
  readonly document = new ModelDocument()
  readonly commits: CommitRequest[] = []
  readonly #replicas: Replica[] = []
  readonly #network: Network
  /** What a reply tells; the rule says everything since the base. */
  readonly #reply: (reply: CommitReply, request: CommitRequest) => CommitReply

  constructor(network: Network = atOnce, reply: (reply: CommitReply, request: CommitRequest) => CommitReply = (whole) => whole) {
    this.#network = network
    this.#reply = reply
  }

  addReplica(): ReplicaUnderTest {
    const replica = new Replica(sessionId)
    replica.seed(this.document.seed())
    this.#replicas.push(replica)
    return { replica, storage: new SharedStorage(replica, { ask: this.#ask, bind: (listener) => listener }) }
  }

  /** A change by somebody who has no replica. */
  write(slot: string, text: string | null): void {
    const base = this.document.clock
    this.document.write([[slot, text]])
    this.#push(this.document.since(base))
  }

  readonly #ask: Ask = <Kind extends HostRequest['kind']>(request: Extract<HostRequest, { kind: Kind }>) => this.#answer(request) as Promise<HostAnswers[Kind]>

  async #answer(request: HostRequest): Promise<unknown> {
    await this.#network(request.kind)
    const answer = await this.#serve(request)
    await this.#network(`answer to ${request.kind}`)
    return answer
  }

  #serve(request: HostRequest): unknown {
    switch (request.kind) {
      case 'storage.commit': {
        const base = this.document.clock
        this.commits.push(request.commit)
        const reply = this.document.commit(request.commit)
        if (this.document.clock !== base) this.#push(this.document.since(base))
        return this.#reply(reply, request.commit)
      }
      case 'storage.turn':
        return this.document.takeTurn(0)
      default:
        throw new Error(`The model does not know ${request.kind}.`)
    }
  }

  #push(delta: Delta): void {
    for (const replica of this.#replicas) void this.#network('push').then(() => replica.apply(delta))
  }
}
