import type { SettingsStore } from '@tessera/core'
import type { Database } from './client.ts'

export const createSettingsStore = (database: Database): SettingsStore => ({
  get: (key) => database.query(async (client) => (await client.setting.findUnique({ where: { key } }))?.value ?? null),

  async set(key, value) {
    await database.query((client) => client.setting.upsert({ where: { key }, create: { key, value }, update: { value } }))
  },
})
