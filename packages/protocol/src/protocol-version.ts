/**
 * The version of the wire between remote clients and the server. A client of another version is refused with
 * `PROTOCOL_MISMATCH`. History:
 * - 1 (2026-11-22): first.
 * - 2 (2026-11-24): `confirm`, `sleep`, `postponed` and `postpone`; messages are numbered and acknowledged;
 *   `restarted`, `sleepSeconds`, `postponedSeconds`.
 */
export const protocolVersion = 2
