import type { SlotChange } from '@tessera/core'
import type { StorageDraft } from '@tessera/kit'
import { decodeStorable, encodeStorable, type StorableText, TesseraError } from '@tessera/protocol/values'
import { create } from 'mutative'
import { createRecipeDraft } from './recipe-draft.ts'
import type { Replica } from './replica.ts'

export type Recipe = (draft: StorageDraft) => unknown

export interface RecipeOutcome {
  base: number
  touched: readonly string[]
  changes: readonly SlotChange[]
}

/**
 * Runs a recipe on a draft over the replica's document, which stays as it is.
 * @throws what the recipe throws; TesseraError `STORAGE_RECIPE_ASYNC`, `NOT_STORABLE` naming the path.
 */
export const runRecipe = (replica: Replica, recipe: Recipe): RecipeOutcome => {
  const before = replica.values()
  const [slots, finish] = create<Map<string, unknown>>(before, { enableAutoFreeze: false })
  const { draft, touched } = createRecipeDraft(slots)
  refusePromise(recipe(draft))
  const after = finish()
  const changes = [...touched].flatMap((name) => changeOf({ name, text: replica.text(name), before: before.get(name) }, after))
  return { base: replica.clock, touched: [...touched], changes }
}

interface SlotBefore {
  name: string
  text: StorableText | undefined
  before: unknown
}

const changeOf = ({ name, text, before }: SlotBefore, after: ReadonlyMap<string, unknown>): readonly SlotChange[] => {
  if (!after.has(name)) return text === undefined ? [] : [[name, null]]
  const value = after.get(name)
  const written = encodeSlot(name, value)
  // A text written by somebody else may be spelt otherwise; and dates and bytes change without becoming other values.
  const same = text !== undefined && (written === text || (value === before && written === encodeStorable(decodeStorable(text))))
  return same ? [] : [[name, written]]
}

const encodeSlot = (name: string, value: unknown): StorableText => {
  try {
    return encodeStorable(value)
  } catch (error) {
    // Again, with the slot around it: the message then names the path from the document on.
    if (error instanceof TesseraError) encodeStorable({ [name]: value })
    throw error
  }
}

const refusePromise = (returned: unknown): void => {
  if (typeof returned !== 'object' || returned === null || !('then' in returned) || typeof returned.then !== 'function') return
  // What the rest of the recipe does with its draft has no effect, and how it ends is nobody's concern.
  Promise.resolve(returned).catch(() => {})
  throw new TesseraError('STORAGE_RECIPE_ASYNC', 'A recipe given to `use` cannot be asynchronous: fetch what it needs before.')
}
