import { decodeStorable, encodeStorable, type Storable } from '@tessera/protocol'
import type { SessionId } from '../ids.ts'
import type { HostAnswers, HostRequest } from '../ports/isolate-host.ts'
import type { SlotChange } from '../storage/delta.ts'
import type { Replica } from './replica.ts'

export type Ask = <Kind extends HostRequest['kind']>(request: Extract<HostRequest, { kind: Kind }>) => Promise<HostAnswers[Kind]>
export type Draft = Record<string, Storable | undefined>

const lossesBeforeTurn = 3

/** `session.storage` for scripted methods: the replica read at once, changes through the guest's door. */
export class ScriptedStorage {
  readonly #sessionId: SessionId
  readonly #replica: Replica
  readonly #ask: Ask

  constructor(sessionId: SessionId, replica: Replica, ask: Ask) {
    this.#sessionId = sessionId
    this.#replica = replica
    this.#ask = ask
  }

  get(slot: string): Storable | undefined {
    const text = this.#replica.slots.get(slot)
    return text === undefined ? undefined : decodeStorable(text)
  }

  /** Changes slots; the recipe runs again when it lost. Answers how many times it ran. */
  async use(recipe: (draft: Draft) => void): Promise<number> {
    for (let runs = 1; ; runs++) {
      const turn = runs > lossesBeforeTurn ? await this.#takeTurn() : {}
      const base = this.#replica.clock
      const { touched, changes } = this.#draft(recipe)
      const reply = await this.#ask({ kind: 'storage.commit', commit: { sessionId: this.#sessionId, base, touched, changes, ...turn } })
      this.#replica.apply(reply.since)
      if (reply.won) return runs
    }
  }

  async #takeTurn(): Promise<{ turn: number }> {
    const { turn, since } = await this.#ask({ kind: 'storage.turn', sessionId: this.#sessionId })
    this.#replica.apply(since)
    return { turn }
  }

  #draft(recipe: (draft: Draft) => void): { touched: string[]; changes: SlotChange[] } {
    const draft: Draft = Object.fromEntries([...this.#replica.slots].map(([slot, text]) => [slot, decodeStorable(text)]))
    const touched = new Set<string>()
    recipe(
      new Proxy(draft, {
        get: (target, slot) => {
          touched.add(String(slot))
          return target[String(slot)]
        },
      }),
    )
    const changes: SlotChange[] = []
    for (const slot of new Set([...this.#replica.slots.keys(), ...Object.keys(draft)])) {
      const value = draft[slot]
      const text = value === undefined ? null : encodeStorable(value)
      if (text !== (this.#replica.slots.get(slot) ?? null)) changes.push([slot, text])
    }
    return { touched: [...touched, ...changes.map(([slot]) => slot)], changes }
  }
}
