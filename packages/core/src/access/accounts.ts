import type { StoredGroup, StoredUser } from '../ports/directory-store.ts'
import type { SessionEnd } from '../session/session-end.ts'
import type { Sessions } from '../session/sessions.ts'
import type { Directory } from './directory.ts'
import type { Operators } from './operators.ts'

interface Rooms {
  directory: Directory
  operators: Operators
  sessions: Sessions
  end: SessionEnd
}

/** Changes of the directory with all that hangs on them: who loses a right loses it at once (SPEC A20; 6-security.md E1). */
export class Accounts {
  readonly #rooms: Rooms

  constructor(rooms: Rooms) {
    this.#rooms = rooms
  }

  async setPassword(name: string, password: string | null): Promise<void> {
    const user = await this.#rooms.directory.setPassword(name, password)
    await this.#rooms.operators.signOutUser(user.name)
  }

  async setEnabled(name: string, enabled: boolean): Promise<void> {
    const user = await this.#rooms.directory.setEnabled(name, enabled)
    if (!enabled) await this.#expel(user, 'The account was disabled.')
  }

  async removeUser(name: string): Promise<void> {
    await this.#expel(await this.#rooms.directory.removeUser(name), 'The account was removed.')
  }

  async putGroup(group: StoredGroup): Promise<void> {
    await this.#rooms.directory.putGroup(group)
    await this.#rooms.operators.recheck()
  }

  async #expel({ id, name }: StoredUser, reason: string): Promise<void> {
    const { operators, sessions, end } = this.#rooms
    await operators.signOutUser(name)
    const own = [...sessions.all()].filter(({ kind, user }) => kind === 'remote' && user.id === id)
    await Promise.all(own.map((session) => end.close(session, 'SESSION_ENDED', reason)))
  }
}
