import { asSessionId, type SessionId } from '../ids.ts'
import type { EngineOptions, Ports } from '../ports/index.ts'
import { StorageDocument } from '../storage/storage-document.ts'
import { Turns } from '../storage/turns.ts'
import type { Versions } from '../version/versions.ts'
import { Session, type SessionOptions } from './session.ts'
import type { Sessions } from './sessions.ts'

interface Rooms {
  sessions: Sessions
  versions: Versions
}

/** Who it is for, and where that is. */
export type SessionOwner = Pick<SessionOptions, 'kind' | 'user' | 'version'> &
  Partial<Pick<SessionOptions, 'machineName' | 'systemUserName' | 'hostType' | 'address' | 'mayPostpone'> & { id: SessionId; createdAt: number }>

/** Makes a session: on the books, pinned to its version, with an empty storage. Without a client it is this machine's own. */
export const admitSession = (ports: Pick<Ports, 'clock' | 'ids'>, options: EngineOptions, { rooms, owner }: { rooms: Rooms; owner: SessionOwner }): Session => {
  const session = new Session({
    machineName: options.machineName,
    systemUserName: '',
    hostType: '',
    address: 'localhost',
    id: asSessionId(ports.ids.id()),
    roles: rooms.sessions.roles,
    createdAt: ports.clock.now(),
    ...owner,
    storage: new StorageDocument(options.storageQuotaBytes),
    turns: new Turns(ports.clock),
    now: ports.clock.now(),
  })
  rooms.versions.pin(session.version, session.id)
  rooms.sessions.add(session)
  return session
}
