import type { SettingsStore } from '../ports/settings-store.ts'

/** Settings that live as long as this object. */
export class MemorySettingsStore implements SettingsStore {
  readonly #values = new Map<string, string>()

  async get(key: string): Promise<string | null> {
    return this.#values.get(key) ?? null
  }

  async set(key: string, value: string): Promise<void> {
    this.#values.set(key, value)
  }
}
