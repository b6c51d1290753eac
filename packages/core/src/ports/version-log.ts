import type { VersionStateName } from '@tessera/protocol'
import type { Digest, VersionId } from '../ids.ts'

export interface LoggedVersion {
  id: VersionId
  digest: Digest
  state: VersionStateName
  /** Milliseconds since 1970. */
  publishedAt: number
  publishedBy: string
  bytes: number
}

/** Remembers which versions were published, in order. */
export interface VersionLog {
  /** Oldest first. */
  all(): Promise<readonly LoggedVersion[]>
  /** @throws TesseraError `ALREADY_EXISTS` for an id that is taken. */
  append(version: LoggedVersion): Promise<void>
  /** One step: all states change, or none. @throws TesseraError `VERSION_NOT_FOUND`. */
  setStates(states: readonly { id: VersionId; state: VersionStateName }[]): Promise<void>
}
