import type { Delta, SessionId, SessionSeed, StorageSeed } from '@tessera/core'
import { Replica } from './replica.ts'
import { SharedStorage } from './shared-storage.ts'
import { storageScope } from './storage-scope.ts'

interface Held {
  replica: Replica
  storage: SharedStorage
  /** While the first seed is on its way. */
  fetching: Promise<SharedStorage | null> | null
}

/** All replicas of an isolate: of the sessions placed here, and of those that code here asked for by id. */
export class Storages {
  readonly #held = new Map<SessionId, Held>()

  /** The storage of a session that is placed here. */
  seed(id: SessionId, seed: StorageSeed): SharedStorage {
    const { replica, storage } = this.#hold(id)
    replica.seed(seed)
    return storage
  }

  /**
   * The storage of any session. `fetch` subscribes this isolate to its deltas before it answers, so the replica is there
   * first: what comes before the seed is held by it.
   */
  find(id: SessionId, fetch: () => Promise<SessionSeed | null>): Promise<SharedStorage | null> {
    const held = this.#hold(id)
    if (held.replica.clock >= 0) return Promise.resolve(held.storage)
    held.fetching ??= this.#fetch(held, fetch)
    return held.fetching
  }

  apply(id: SessionId, delta: Delta): void {
    this.#held.get(id)?.replica.apply(delta)
  }

  forget(id: SessionId): void {
    this.#held.delete(id)
  }

  #hold(id: SessionId): Held {
    const known = this.#held.get(id)
    if (known !== undefined) return known
    const replica = new Replica(id)
    const held = { replica, storage: new SharedStorage(replica, storageScope), fetching: null }
    this.#held.set(id, held)
    return held
  }

  async #fetch({ replica, storage }: Held, fetch: () => Promise<SessionSeed | null>): Promise<SharedStorage | null> {
    try {
      const seed = await fetch()
      if (seed !== null) replica.seed(seed.storage)
      return seed === null ? null : storage
    } finally {
      if (replica.clock < 0) this.#held.delete(replica.sessionId)
    }
  }
}
