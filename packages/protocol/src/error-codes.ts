/**
 * The closed set of error codes, each with the HTTP status it travels under and whether the same request may be
 * repeated as it is. A code is part of the public contract: it is never renamed and never reused.
 */
export const errorCodes = {
  // entry
  BAD_CREDENTIALS: { status: 401, retryable: false },
  SIGN_IN_REQUIRED: { status: 401, retryable: false },
  TOO_MANY_ATTEMPTS: { status: 429, retryable: true },
  NOT_ALLOWED: { status: 403, retryable: false },
  ORIGIN_REFUSED: { status: 403, retryable: false },
  HOST_REFUSED: { status: 421, retryable: false },
  PROTOCOL_MISMATCH: { status: 426, retryable: false },
  REJECTING_CONNECTIONS: { status: 503, retryable: true },
  LICENCES_EXHAUSTED: { status: 503, retryable: true },
  CLIENT_OUT_OF_RANGE: { status: 426, retryable: false },
  OPEN_CONNECTION_REFUSED: { status: 403, retryable: false },
  SERVER_STARTING: { status: 503, retryable: true },
  SERVER_STOPPING: { status: 503, retryable: true },
  ADDRESS_DENIED: { status: 403, retryable: false },
  UNKNOWN_PROJECT: { status: 404, retryable: false },
  /** A web request whose session does not hold what roles.json asks for. */
  PRIVILEGE_REQUIRED: { status: 403, retryable: false },
  SESSION_ENDED: { status: 410, retryable: false },
  CONNECTION_LOST: { status: 503, retryable: true },
  CONNECTION_REPLACED: { status: 409, retryable: false },
  // requests
  BAD_REQUEST: { status: 400, retryable: false },
  PAYLOAD_TOO_LARGE: { status: 413, retryable: false },
  NOT_FOUND: { status: 404, retryable: false },
  SESSION_NOT_FOUND: { status: 404, retryable: false },
  PROCESS_NOT_FOUND: { status: 404, retryable: false },
  VERSION_NOT_FOUND: { status: 404, retryable: false },
  USER_NOT_FOUND: { status: 404, retryable: false },
  GROUP_NOT_FOUND: { status: 404, retryable: false },
  ALREADY_EXISTS: { status: 409, retryable: false },
  ILLEGAL_STATE: { status: 409, retryable: false },
  ADDRESS_RULES_INVALID: { status: 422, retryable: false },
  OTP_LIFESPAN_INVALID: { status: 422, retryable: false },
  TOO_MANY_OTPS: { status: 429, retryable: true },
  PASSWORD_TOO_WEAK: { status: 422, retryable: false },
  // calls
  METHOD_NOT_FOUND: { status: 404, retryable: false },
  ARGUMENTS_INVALID: { status: 422, retryable: false },
  RESULT_NOT_STORABLE: { status: 500, retryable: false },
  METHOD_ERROR: { status: 500, retryable: false },
  CALL_NOT_STARTED: { status: 503, retryable: true },
  CALL_INTERRUPTED: { status: 503, retryable: false },
  CALL_CANCELLED: { status: 499, retryable: false },
  /** The call took longer than it was given; where project code does not yield, its isolate was ended. */
  DEADLINE_EXCEEDED: { status: 504, retryable: false },
  DEADLINE_INVALID: { status: 422, retryable: false },
  RESULT_TOO_LARGE: { status: 500, retryable: false },
  /** The key came with another method or other arguments before. */
  IDEMPOTENCY_KEY_REUSED: { status: 409, retryable: false },
  /** The session has as many calls waiting as it may; repeating at once would make it worse. */
  TOO_MANY_CALLS: { status: 429, retryable: true },
  NOT_AVAILABLE_HERE: { status: 409, retryable: false },
  /** On Server Close Connection had begun when the server was killed: it is not repeated. */
  CLOSE_INTERRUPTED: { status: 500, retryable: false },
  PROCESS_NAME_INVALID: { status: 422, retryable: false },
  /** No client is registered under that name (4d.md PRC-30). */
  CLIENT_NOT_REGISTERED: { status: 404, retryable: false },
  CLIENT_NAME_INVALID: { status: 422, retryable: false },
  /** No order or message of that id is known here any more. */
  SENDING_NOT_FOUND: { status: 404, retryable: false },
  SCHEDULE_NOT_FOUND: { status: 404, retryable: false },
  // storage
  NOT_STORABLE: { status: 422, retryable: false },
  STORAGE_KEY_INVALID: { status: 422, retryable: false },
  STORAGE_QUOTA_EXCEEDED: { status: 413, retryable: false },
  STORAGE_CONTENTION: { status: 409, retryable: true },
  STORAGE_RECIPE_ASYNC: { status: 422, retryable: false },
  STORAGE_USE_NESTED: { status: 409, retryable: false },
  // project and package
  PROJECT_NOT_FOUND: { status: 404, retryable: false },
  PROJECT_INVALID: { status: 422, retryable: false },
  ROLES_INVALID: { status: 422, retryable: false },
  CATALOG_INVALID: { status: 422, retryable: false },
  PACKAGE_DAMAGED: { status: 422, retryable: false },
  VERSION_REJECTED: { status: 422, retryable: false },
  // server
  PORT_IN_USE: { status: 500, retryable: false },
  DATA_DIR_IN_USE: { status: 500, retryable: false },
  DATA_DIR_UNWRITABLE: { status: 500, retryable: false },
  JOURNAL_UNWRITABLE: { status: 503, retryable: true },
  JOURNAL_DAMAGED: { status: 500, retryable: false },
  JOURNAL_TOO_NEW: { status: 500, retryable: false },
  DATABASE_ERROR: { status: 500, retryable: false },
  MIGRATION_FAILED: { status: 500, retryable: false },
  SERVER_UNREACHABLE: { status: 503, retryable: true },
  INTERNAL: { status: 500, retryable: false },
} as const satisfies Record<string, { status: number; retryable: boolean }>

export type ErrorCode = keyof typeof errorCodes

export const isErrorCode = (value: unknown): value is ErrorCode => typeof value === 'string' && Object.hasOwn(errorCodes, value)
