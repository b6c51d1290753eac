/**
 * The version of the wire between remote clients and the server. A client of another version is refused with
 * `PROTOCOL_MISMATCH`. History:
 * - 1 (2026-11-22): first.
 */
export const protocolVersion = 1
