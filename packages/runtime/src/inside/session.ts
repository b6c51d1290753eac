import type { SessionFacts } from '@tessera/core'
import type { PrivilegesInput, Session, SessionInfo } from '@tessera/kit'
import { TesseraError } from '@tessera/protocol'
import type { Ask } from './call.ts'
import { parsePrivilegesInput } from './privileges-input.ts'
import { currentCall, needCall } from './scope.ts'
import type { SharedStorage } from './shared-storage.ts'

/** A session as project code sees it on the server: facts that the engine pushes, and requests to it. */
export class ServerSession implements Session {
  readonly id: string
  readonly storage: SharedStorage
  #facts: SessionFacts

  constructor(facts: SessionFacts, storage: SharedStorage) {
    this.id = facts.id
    this.#facts = facts
    this.storage = storage
  }

  get userName(): string {
    return this.#facts.info.userName
  }

  /** A copy for each reader: 4D computes it at each call (4d.md SES-22). */
  info(): SessionInfo {
    return { ...this.#facts.info }
  }

  async setPrivileges(privileges: PrivilegesInput): Promise<boolean> {
    const { names, roles } = parsePrivilegesInput(privileges)
    return this.#takePrivileges(await this.#ownAsk()({ kind: 'privileges.set', names, roles }))
  }

  async clearPrivileges(): Promise<boolean> {
    return this.#takePrivileges(await this.#ownAsk()({ kind: 'privileges.clear' }))
  }

  getPrivileges(): string[] {
    return [...this.#facts.privileges]
  }

  hasPrivilege(name: string): boolean {
    const wanted = String(name).toLowerCase()
    return this.#facts.privileges.some((held) => held.toLowerCase() === wanted)
  }

  /** No session of a desktop client is a guest (4d.md SES-41). */
  isGuest(): boolean {
    return false
  }

  setFacts(facts: SessionFacts): void {
    this.#facts = facts
  }

  isStoredProcedures(): boolean {
    return this.#facts.info.type === 'storedProcedure'
  }

  /** Privileges are changed for the caller's session: an object that another session's code kept must not reach that one. */
  #ownAsk(): Ask {
    if (currentCall()?.process.session !== this) {
      throw new TesseraError('NOT_AVAILABLE_HERE', "A session's privileges can be changed only by calls of that session.")
    }
    return needCall().ask
  }

  #takePrivileges({ ok, privileges }: { ok: boolean; privileges: readonly string[] }): boolean {
    this.#facts = { ...this.#facts, privileges }
    return ok
  }
}
