import { randomUUID } from 'node:crypto'
import { TesseraError } from '@tessera/protocol'
import Sqlite from 'better-sqlite3'
import type { Migration } from './migrations.ts'

/** Prisma's own table, so that Prisma's tools understand the database too. */
const migrationsTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL,
  "checksum" TEXT NOT NULL,
  "finished_at" DATETIME,
  "migration_name" TEXT NOT NULL,
  "logs" TEXT,
  "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0
)`

interface AppliedRow {
  name: string
  checksum: string
  finished: number
}

/**
 * Brings a database up to date in one transaction: all missing migrations are applied, or the file stays as it was.
 * Answers the names of those it applied.
 * @throws TesseraError `MIGRATION_FAILED` naming the migration that fails, was edited after it had been applied, comes
 * too late, or is unknown because a newer Tessera wrote it; SQLite's errors where the file itself cannot be used.
 */
export const migrate = (file: string, migrations: readonly Migration[]): readonly string[] => {
  const database = new Sqlite(file, { timeout: 5000 })
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    // Inside a transaction this would do nothing, and dropping a table that is being rebuilt would empty its children.
    database.pragma('foreign_keys = OFF')
    // Immediate: of two servers that start at once, the second waits here and then finds all of it done.
    return database.transaction(() => applyMissing(database, migrations)).immediate()
  } finally {
    database.close()
  }
}

const applyMissing = (database: Sqlite.Database, migrations: readonly Migration[]): readonly string[] => {
  database.exec(migrationsTable)
  const missing = findMissing(readApplied(database), migrations)
  for (const migration of missing) apply(database, migration)
  return missing.map(({ name }) => name)
}

const readApplied = (database: Sqlite.Database): readonly AppliedRow[] =>
  database
    .prepare<[], AppliedRow>(
      `SELECT "migration_name" AS "name", "checksum", "finished_at" IS NOT NULL AS "finished"
         FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL ORDER BY "migration_name"`,
    )
    .all()

const findMissing = (applied: readonly AppliedRow[], migrations: readonly Migration[]): readonly Migration[] => {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const row of applied) checkApplied(row, known.get(row.name))
  const done = new Set(applied.map(({ name }) => name))
  const missing = migrations.filter(({ name }) => !done.has(name))
  const last = applied.at(-1)
  const late = missing.find(({ name }) => last !== undefined && name < last.name)
  if (late !== undefined) throw refusal(late.name, `comes before ${last?.name}, which the database already has`)
  return missing
}

const checkApplied = (row: AppliedRow, migration: Migration | undefined): void => {
  if (migration === undefined) throw refusal(row.name, 'is unknown here: a newer Tessera wrote this database. Start that one, or restore a backup')
  if (row.finished === 0) throw refusal(row.name, 'was begun by another tool and never finished')
  if (row.checksum !== migration.checksum) throw refusal(row.name, 'was edited after it had been applied')
}

const apply = (database: Sqlite.Database, { name, sql, checksum }: Migration): void => {
  const startedAt = Date.now()
  try {
    database.exec(sql)
  } catch (cause) {
    throw refusal(name, `failed: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
  if (!database.inTransaction) throw refusal(name, 'ends the transaction it runs in')
  const orphans = new Set(
    database
      .prepare<[], { table: string }>('PRAGMA foreign_key_check')
      .all()
      .map(({ table }) => table),
  )
  if (orphans.size > 0) throw refusal(name, `leaves rows that refer to nothing in ${[...orphans].join(', ')}`)
  database
    .prepare(
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
       VALUES (?, ?, ?, ?, ?, 1)`,
    )
    .run(randomUUID(), checksum, name, startedAt, Date.now())
}

const refusal = (name: string, what: string, cause?: unknown): TesseraError =>
  new TesseraError('MIGRATION_FAILED', `The database was not changed: the migration ${name} ${what}.`, { cause })
