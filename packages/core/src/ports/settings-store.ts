/** Keeps the server's few settings, as text by key. */
export interface SettingsStore {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
}
