import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Migration {
  /** `<timestamp>_<what>`: in this order they are applied. */
  name: string
  sql: string
  /** Lower-case hexadecimal SHA-256 of the file, as Prisma reckons it. */
  checksum: string
}

/** Where the product's own migrations are: beside `src` and `dist` alike. */
export const migrationsFolder = fileURLToPath(new URL('../migrations/sqlite', import.meta.url))

/** Reads a folder of migrations, `<name>/migration.sql` each, in order. */
export const readMigrations = (folder: string): readonly Migration[] =>
  readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const bytes = readFileSync(path.join(folder, name, 'migration.sql'))
      return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') }
    })
