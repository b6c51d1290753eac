import type { Storable, SharedStorage as StorageOfKit, Unsubscribe } from '@tessera/kit'
import { TesseraError } from '@tessera/protocol/values'
import type { Ask } from './call.ts'
import { type Recipe, type RecipeOutcome, runRecipe } from './recipe.ts'
import type { Replica } from './replica.ts'

const lossesBeforeTurn = 3
const turns = 5

export interface StorageScope {
  /** For the call that is running now. @throws TesseraError `NOT_AVAILABLE_HERE` outside a call. */
  ask: Ask
  /** Ties a listener to the call that is running now. */
  bind<Value>(listener: (value: Value) => void): (value: Value) => void
}

/** `session().storage`: reads from the replica, changes by optimistic commits (rules T2, T3). */
export class SharedStorage implements StorageOfKit {
  readonly #replica: Replica
  readonly #scope: StorageScope
  #inRecipe = false

  constructor(replica: Replica, scope: StorageScope) {
    this.#replica = replica
    this.#scope = scope
  }

  get(slot: string): Storable | undefined {
    return this.#replica.read(slot)
  }

  all(): Readonly<Record<string, Storable>> {
    return this.#replica.all()
  }

  watch(slot: string, listener: (value: Storable | undefined) => void): Unsubscribe {
    return this.#replica.watch(slot, this.#scope.bind(listener))
  }

  /** Nested use is refused at once, not by the promise: so the outer recipe ends with it and changes nothing. */
  use(recipe: Recipe): Promise<void> {
    if (this.#inRecipe) throw new TesseraError('STORAGE_USE_NESTED', 'A recipe cannot call `use` on the storage that it changes: change the draft.')
    return this.#use(recipe)
  }

  async #use(recipe: Recipe): Promise<void> {
    for (let losses = 0; losses < lossesBeforeTurn; losses++) {
      const outcome = this.#run(recipe)
      if (outcome.changes.length === 0 || (await this.#commit(outcome))) return
    }
    for (let losses = 0; losses < turns; losses++) {
      if (await this.#useInTurn(recipe)) return
    }
    throw new TesseraError('STORAGE_CONTENTION', 'Others kept changing what this recipe reads or writes: try again later, or touch fewer slots.')
  }

  /** Whatever the recipe does, the turn is given back with a commit: an empty one where nothing is to be changed. */
  async #useInTurn(recipe: Recipe): Promise<boolean> {
    const { turn, since } = await this.#scope.ask({ kind: 'storage.turn', sessionId: this.#replica.sessionId })
    this.#replica.apply(since)
    try {
      const outcome = this.#run(recipe)
      const won = await this.#commit(outcome, turn)
      return won || outcome.changes.length === 0
    } catch (error) {
      await this.#commit({ base: this.#replica.clock, touched: [], changes: [] }, turn).catch(() => {})
      throw error
    }
  }

  async #commit(outcome: RecipeOutcome, turn?: number): Promise<boolean> {
    const commit = { sessionId: this.#replica.sessionId, ...outcome, ...(turn === undefined ? {} : { turn }) }
    const { won, since } = await this.#scope.ask({ kind: 'storage.commit', commit })
    this.#replica.applyAnswer(outcome.base, since)
    return won
  }

  #run(recipe: Recipe): RecipeOutcome {
    this.#inRecipe = true
    try {
      return runRecipe(this.#replica, recipe)
    } finally {
      this.#inRecipe = false
    }
  }
}
