import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { Gate } from './gate.ts'

type Connection = Awaited<ReturnType<PrismaBetterSqlite3['connect']>>
type Transaction = Awaited<ReturnType<Connection['startTransaction']>>

/**
 * FULL: what is acknowledged has reached the disk. Another program that holds the file (a backup, an operator's shell) is
 * waited for no longer than a second, because that wait stops this whole thread.
 */
const settings = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 1000;'

/**
 * Prisma's adapter has one connection, and sends a statement from outside straight into whatever transaction is open on
 * it: acknowledged, and gone when that transaction rolls back. Here statements and transactions take turns.
 */
export class GatedSqlite extends PrismaBetterSqlite3 {
  override async connect(): Promise<Connection> {
    const connection = await super.connect()
    await connection.executeScript(settings)
    return gateConnection(connection)
  }
}

const gateConnection = (connection: Connection): Connection => {
  const gate = new Gate()
  const queryRaw = connection.queryRaw.bind(connection)
  const executeRaw = connection.executeRaw.bind(connection)
  const executeScript = connection.executeScript.bind(connection)
  const startTransaction = connection.startTransaction.bind(connection)
  return Object.assign(connection, {
    queryRaw: (query) => gate.through(() => queryRaw(query)),
    executeRaw: (query) => gate.through(() => executeRaw(query)),
    executeScript: (script) => gate.through(() => executeScript(script)),
    startTransaction: async (isolation) => {
      const leave = await gate.enter()
      try {
        return gateTransaction(await startTransaction(isolation), { leave, abandon: () => executeScript('ROLLBACK') })
      } catch (error) {
        leave()
        throw error
      }
    },
  } satisfies Partial<Connection>)
}

/** When Prisma says `commit` or `rollback`, it has sent the statement of that name already and only gives the connection back. */
const gateTransaction = (transaction: Transaction, end: { leave: () => void; abandon: () => Promise<void> }): Transaction => {
  const commit = transaction.commit.bind(transaction)
  const rollback = transaction.rollback.bind(transaction)
  return Object.assign(transaction, {
    commit: () => commit().finally(end.leave),
    rollback: async () => {
      try {
        await abandon(end.abandon)
        await rollback()
      } finally {
        end.leave()
      }
    },
  } satisfies Partial<Transaction>)
}

/** After a COMMIT that failed Prisma sends no ROLLBACK: the next writer would find itself inside the dead transaction. */
const abandon = async (rollback: () => Promise<void>): Promise<void> => {
  try {
    await rollback()
  } catch {
    // The usual case: SQLite has no open transaction any more.
  }
}
