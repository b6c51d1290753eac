import { TesseraError } from '@tessera/protocol'
import { toDatabaseError } from './database-error.ts'
import { GatedSqlite } from './gated-sqlite.ts'
import { type Prisma, PrismaClient } from './generated/sqlite/client.ts'
import { migrate } from './migrate.ts'
import { migrationsFolder, readMigrations } from './migrations.ts'
import { prepareFile } from './prepare-file.ts'

/** One open database. Whatever fails in it is a TesseraError. */
export interface Database {
  /** Statements that stand for themselves. */
  query<Result>(work: (client: PrismaClient) => Promise<Result>): Promise<Result>
  /** All of `work`, or nothing of it; nobody else reads or writes meanwhile, so it waits for nothing but its own statements. */
  transaction<Result>(work: (step: Prisma.TransactionClient) => Promise<Result>): Promise<Result>
  /** Waits for what is under way; what comes later is refused. */
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
    return new EmbeddedDatabase(client, file)
  })
}

class EmbeddedDatabase implements Database {
  readonly #client: PrismaClient
  readonly #file: string
  readonly #underWay = new Set<Promise<unknown>>()
  #closed = false

  constructor(client: PrismaClient, file: string) {
    this.#client = client
    this.#file = file
  }

  query<Result>(work: (client: PrismaClient) => Promise<Result>): Promise<Result> {
    return this.#run(() => work(this.#client))
  }

  transaction<Result>(work: (step: Prisma.TransactionClient) => Promise<Result>): Promise<Result> {
    return this.#run(() => this.#client.$transaction(work))
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#underWay)
    await clearly(this.#file, () => this.#client.$disconnect())
  }

  async #run<Result>(work: () => Promise<Result>): Promise<Result> {
    // Prisma would open the file again for whoever comes late.
    if (this.#closed) throw new TesseraError('DATABASE_ERROR', `The database ${this.#file} is closed.`)
    const done = clearly(this.#file, work)
    this.#underWay.add(done)
    try {
      return await done
    } finally {
      this.#underWay.delete(done)
    }
  }
}

const clearly = async <Result>(file: string, work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work()
  } catch (error) {
    throw toDatabaseError(error, file)
  }
}
