import { TesseraError } from '@tessera/protocol'
import type { Credential, CredentialKind, CredentialStore } from '../ports/credential-store.ts'

/** Credentials that live as long as this object. */
export class MemoryCredentialStore implements CredentialStore {
  readonly #byHash = new Map<string, Credential>()

  async put(credential: Credential): Promise<void> {
    if (credential.kind === 'token' && this.#of('token', credential.name).some((token) => token.hash !== credential.hash)) {
      throw tokenExists(credential.name)
    }
    this.#byHash.set(credential.hash, { ...credential })
  }

  async find(hash: string): Promise<Credential | null> {
    const credential = this.#byHash.get(hash)
    return credential === undefined ? null : { ...credential }
  }

  async take(hash: string): Promise<Credential | null> {
    const credential = this.#byHash.get(hash)
    return credential !== undefined && this.#byHash.delete(hash) ? credential : null
  }

  async touch(hash: string, lastUsedAt: number, expiresAt: number | null): Promise<void> {
    const credential = this.#byHash.get(hash)
    if (credential !== undefined) this.#byHash.set(hash, { ...credential, lastUsedAt, expiresAt })
  }

  async list(kind: CredentialKind): Promise<readonly Credential[]> {
    return [...this.#byHash.values()]
      .filter((credential) => credential.kind === kind)
      .sort((a, b) => a.createdAt - b.createdAt || (a.hash < b.hash ? -1 : 1))
      .map((credential) => ({ ...credential }))
  }

  async remove(kind: CredentialKind, name: string): Promise<number> {
    return this.#forget(this.#of(kind, name))
  }

  async sweep(now: number): Promise<number> {
    return this.#forget([...this.#byHash.values()].filter((credential) => credential.expiresAt !== null && credential.expiresAt < now))
  }

  #of(kind: CredentialKind, name: string): Credential[] {
    return [...this.#byHash.values()].filter((credential) => credential.kind === kind && credential.name === name)
  }

  #forget(credentials: readonly Credential[]): number {
    for (const credential of credentials) this.#byHash.delete(credential.hash)
    return credentials.length
  }
}

export const tokenExists = (name: string): TesseraError => new TesseraError('ALREADY_EXISTS', `There is a token "${name}" already.`)
