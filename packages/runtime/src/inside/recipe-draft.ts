import type { StorageDraft } from '@tessera/kit'
import { limits, TesseraError } from '@tessera/protocol/values'

/** What a recipe sees: slots as members of a plain object, which notes each slot that is read or written. */
export interface RecipeDraft {
  draft: StorageDraft
  touched: ReadonlySet<string>
}

/**
 * `slots` is a draft itself (of a Map, so that no slot's name means anything to the language). Names work as they do on
 * an object without a prototype.
 */
export const createRecipeDraft = (slots: Map<string, unknown>): RecipeDraft => {
  const touched = new Set<string>()
  return { draft: new Proxy<StorageDraft>(Object.create(null), slotTraps(slots, touched)), touched }
}

const slotTraps = (slots: Map<string, unknown>, touched: Set<string>): ProxyHandler<StorageDraft> => {
  const set = (key: string | symbol, value: unknown): boolean => {
    const name = needSlotName(key)
    touched.add(name)
    if (value === undefined) slots.delete(name)
    else slots.set(name, value)
    return true
  }
  return {
    get: (_target, key) => (typeof key === 'string' ? slots.get(touch(touched, key)) : undefined),
    has: (_target, key) => typeof key === 'string' && slots.has(touch(touched, key)),
    set: (_target, key, value) => set(key, value),
    deleteProperty: (_target, key) => set(key, undefined),
    // Whoever enumerates depends on every slot there is.
    ownKeys: () => [...slots.keys()].map((name) => touch(touched, name)),
    getOwnPropertyDescriptor: (_target, key) => {
      if (typeof key !== 'string' || !slots.has(touch(touched, key))) return undefined
      return { value: slots.get(key), writable: true, enumerable: true, configurable: true }
    },
    defineProperty: (_target, key, descriptor) => {
      if (descriptor.get !== undefined || descriptor.set !== undefined)
        throw new TesseraError('NOT_STORABLE', `${String(key)} is an accessor, which cannot be kept.`)
      return set(key, descriptor.value)
    },
    setPrototypeOf: () => false,
    preventExtensions: () => false,
  }
}

const touch = (touched: Set<string>, name: string): string => {
  touched.add(name)
  return name
}

const needSlotName = (key: string | symbol): string => {
  if (typeof key === 'string' && key.length > 0 && key.length <= limits.storageKeyCharacters) return key
  const what = typeof key === 'symbol' ? 'A symbol' : key.length === 0 ? 'The empty text' : `A text of ${key.length} characters`
  throw new TesseraError('STORAGE_KEY_INVALID', `${what} cannot name a slot: use 1 to ${limits.storageKeyCharacters} characters.`)
}
