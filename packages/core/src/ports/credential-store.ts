import type { Role } from '@tessera/protocol'

export type CredentialKind = 'owner' | 'token' | 'link' | 'console'

/** A bearer secret, of which only the SHA-256 is kept. */
export interface Credential {
  hash: string
  kind: CredentialKind
  /** Whose: a user's name, a token's name. */
  name: string
  role: Role
  createdAt: number
  /** Null: never. */
  expiresAt: number | null
  lastUsedAt: number | null
}

/** Keeps bearer secrets by their hash. */
export interface CredentialStore {
  /** @throws TesseraError `ALREADY_EXISTS` for a token whose name another token has. */
  put(credential: Credential): Promise<void>
  find(hash: string): Promise<Credential | null>
  /** Removes and answers it in one conditional step: of two takers, one gets it. */
  take(hash: string): Promise<Credential | null>
  touch(hash: string, lastUsedAt: number, expiresAt: number | null): Promise<void>
  list(kind: CredentialKind): Promise<readonly Credential[]>
  /** All of that kind and name; answers how many there were. */
  remove(kind: CredentialKind, name: string): Promise<number>
  /** Forgets what expired before `now`; answers how many. */
  sweep(now: number): Promise<number>
}
