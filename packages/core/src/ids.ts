declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** 32 upper-case hexadecimal digits (4d.md SES-20). */
export type SessionId = Branded<'SessionId'>
export type ProcessId = Branded<'ProcessId'>
export type CallId = Branded<'CallId'>
/** `YYYYMMDD.n`, UTC. */
export type VersionId = Branded<'VersionId'>
/** Lower-case hexadecimal SHA-256 of a package's manifest. */
export type Digest = Branded<'Digest'>

export const asSessionId = (text: string): SessionId => text as SessionId
export const asProcessId = (text: string): ProcessId => text as ProcessId
export const asCallId = (text: string): CallId => text as CallId
export const asVersionId = (text: string): VersionId => text as VersionId
export const asDigest = (text: string): Digest => text as Digest
