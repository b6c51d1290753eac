/**
 * The version of the wire between remote clients and the server. A client of another version is refused with
 * `PROTOCOL_MISMATCH`. History:
 * - 1 (2026-11-22): first.
 * - 2 (2026-11-24): `confirm`, `sleep`, `postponed` and `postpone`; messages are numbered and acknowledged;
 *   `restarted`, `sleepSeconds`, `postponedSeconds`.
 * - 3 (2026-11-24): calls may carry a request id, a deadline and an idempotency key, and be cancelled; clients start stored
 *   procedures and hear of their progress; clients register and are sent orders; messages travel as described in `wire`.
 */
export const protocolVersion = 3
