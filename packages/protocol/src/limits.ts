/** Defaults that both ends know. Sizes in bytes, durations in milliseconds unless the name says otherwise. */
export const limits = {
  defaultPort: 19813,
  /** Largest arguments or result of one call. */
  payloadBytes: 1_048_576,
  /** The transport takes more, so that the server can answer `PAYLOAD_TOO_LARGE` instead of cutting the connection. */
  transportFactor: 4,
  /** The server gives a sign of life so often; two thirds of it later whoever does not answer is unreachable. */
  heartbeatSeconds: 15,
  /** How long an unreachable session waits for its client (4d.md SLP-11). */
  graceSeconds: 900,
  /** How long a session whose machine sleeps waits (4d.md SLP-03). */
  sleepSeconds: 172_800,
  /** After so long without a request a client that agrees to it gives up its connection (4d.md SES-51). */
  postponeAfterSeconds: 20,
  /** How long a postponed session waits for the next request: a working day. */
  postponedSeconds: 28_800,
  checkSeconds: 5,
  /** Most web sessions of visitors who are nobody yet: each takes memory until it is idle. */
  webGuests: 1000,
  /** Messages kept for a client that is away. */
  waitingMessages: 100,
  messageCharacters: 10_000,
  /** Most of the message and of the stack of an error that a client tells. */
  errorCharacters: 10_000,
  /** Orders kept for one client, whether it is away or busy. */
  waitingOrders: 1000,
  clientNameCharacters: 200,
  storageQuotaBytes: 1_048_576,
  storageKeyCharacters: 256,
  listPage: 500,
  /** Calls that one session may have waiting, whatever their size. */
  waitingCalls: 10_000,
  /** How long the outcome of a call with an idempotency key is kept. */
  keyedSeconds: 600,
  /** Stored procedures that the clients of one session may have running. */
  clientProcedures: 100,
  procedureNameCharacters: 200,
  /** What a stored procedure says of how far it is. */
  progressCharacters: 1000,
  /** How long a stored procedure that was cancelled has to end by itself. */
  cancelGraceMs: 5000,
  /** Results that are kept for one session's keys; the oldest ones go first. */
  keyedBytes: 1_048_576,
  /** Calls that the log keeps: so many recent ones, and as many slow ones. */
  callLog: 1000,
  /** Calls that a live view of them shows. */
  callsShown: 200,
  /** Rules of the address table. */
  addressRules: 1000,
  /** A live view sends at most this often. */
  viewIntervalMs: 250,
} as const
