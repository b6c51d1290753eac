import { closeSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import { toDatabaseError } from './database-error.ts'
import { GatedSqlite } from './gated-sqlite.ts'
import { type Prisma, PrismaClient } from './generated/sqlite/client.ts'
import { migrate } from './migrate.ts'
import { migrationsFolder, readMigrations } from './migrations.ts'

/** One open database. Whatever fails in it is a TesseraError. */
export interface Database {
  /** Statements that stand for themselves. */
  query<Result>(work: (client: PrismaClient) => Promise<Result>): Promise<Result>
  /** All of `work`, or nothing of it; nobody else reads or writes meanwhile, so it waits for nothing but its own statements. */
  transaction<Result>(work: (step: Prisma.TransactionClient) => Promise<Result>): Promise<Result>
  /** Waits for what is under way. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** Absolute path. The file and its folder are made where they are missing, for this user only. */
  file: string
  /** Another folder of migrations than the product's own. */
  migrations?: string
}

/** How long a transaction may wait for its turn, and then take. */
const transactionMs = 30_000

/**
 * Opens the embedded database and brings it up to date.
 * @throws TesseraError `DATA_DIR_UNWRITABLE`, `DATABASE_ERROR` (damaged file, full disk), `MIGRATION_FAILED`.
 */
export const openDatabase = async ({ file, migrations = migrationsFolder }: DatabaseOptions): Promise<Database> => {
  const known = readMigrations(migrations)
  return clearly(file, async () => {
    prepareFile(file)
    migrate(file, known)
    const client = new PrismaClient({
      adapter: new GatedSqlite({ url: file }, { timestampFormat: 'unixepoch-ms' }),
      errorFormat: 'minimal',
      transactionOptions: { maxWait: transactionMs, timeout: transactionMs },
    })
    await client.$connect()
    return databaseOn(client, file)
  })
}

/** SQLite gives its side files the rights of this one. */
const prepareFile = (file: string): void => {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
}

const databaseOn = (client: PrismaClient, file: string): Database => ({
  query: (work) => clearly(file, () => work(client)),
  transaction: (work) => clearly(file, () => client.$transaction(work)),
  close: () => clearly(file, () => client.$disconnect()),
})

const clearly = async <Result>(file: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work()
  } catch (error) {
    throw toDatabaseError(error, file)
  }
}
