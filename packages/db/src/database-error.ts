import { TesseraError } from '@tessera/protocol'
import { Prisma } from './generated/sqlite/client.ts'

/** Turns what SQLite, Prisma or the file system threw into one clear error; anything else is a bug and stays as it is. */
export const toDatabaseError = (error: unknown, file: string): unknown => {
  if (error instanceof TesseraError) return error
  const { code, message } = describe(error)
  if (code === null) return error
  return describeFailure({ code, message, file, cause: error })
}

/** Whether a row was refused because another has its unique value. */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === 'P2002' || (error instanceof Error && codeOf(error.cause) === 'P2002')

const codeOf = (error: unknown): string | null => (error instanceof Prisma.PrismaClientKnownRequestError ? error.code : null)

interface Failure {
  code: string
  message: string
  file: string
  cause: unknown
}

const unwritable = /^(?:SQLITE_CANTOPEN|SQLITE_READONLY|SQLITE_PERM|EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EISDIR|EEXIST)/
const damaged = /^SQLITE_(?:NOTADB|CORRUPT)/
const full = /^(?:SQLITE_FULL|ENOSPC|EDQUOT)/
const busy = /^(?:SQLITE_BUSY|SQLITE_LOCKED|P1008|P2028|P2034)/

const describeFailure = ({ code, message, file, cause }: Failure): TesseraError => {
  if (unwritable.test(code)) {
    return new TesseraError(
      'DATA_DIR_UNWRITABLE',
      `The database ${file} cannot be opened for writing (${message}). Check that its folder exists and belongs to this user.`,
      { cause },
    )
  }
  if (damaged.test(code)) {
    return new TesseraError(
      'DATABASE_ERROR',
      `The database ${file} is damaged, or no database at all (${message}). Put it aside, or restore it from a backup.`,
      { cause },
    )
  }
  if (full.test(code)) return new TesseraError('DATABASE_ERROR', `The disk that holds ${file} is full: nothing was written.`, { cause })
  if (busy.test(code))
    return new TesseraError('DATABASE_ERROR', `The database ${file} is busy: another program holds it. Nothing was written.`, { cause, retryable: true })
  return new TesseraError('DATABASE_ERROR', `The database ${file} could not do what was asked (${code}).`, { cause })
}

/** The innermost code says most: SQLite's own, below the adapter's, below Prisma's. */
const describe = (error: unknown): { code: string | null; message: string } => {
  const driver = driverCause(error)
  if (driver !== null) return driver
  if (error instanceof Prisma.PrismaClientKnownRequestError) return { code: error.code, message: error.message }
  if (isPrismaError(error)) return { code: error.name, message: error.message }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return { code: error.code, message: error.message }
  return { code: null, message: '' }
}

const isPrismaError = (error: unknown): error is Error =>
  error instanceof Prisma.PrismaClientUnknownRequestError ||
  error instanceof Prisma.PrismaClientInitializationError ||
  error instanceof Prisma.PrismaClientRustPanicError

const driverCause = (error: unknown): { code: string; message: string } | null => {
  for (const holder of [error, memberOf(memberOf(error, 'meta'), 'driverAdapterError')]) {
    const cause = memberOf(holder, 'cause')
    const code = memberOf(cause, 'originalCode')
    const message = memberOf(cause, 'originalMessage')
    if (typeof code === 'string') return { code, message: typeof message === 'string' ? message : code }
  }
  return null
}

const memberOf = (value: unknown, key: string): unknown => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined)
