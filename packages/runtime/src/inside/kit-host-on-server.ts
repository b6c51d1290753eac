import type { SessionId, SessionSeed } from '@tessera/core'
import { asSessionId } from '@tessera/core/ids'
import type { SessionInfo, SharedStorage as StorageOfKit } from '@tessera/kit'
import { installKitHost, type KitHost } from '@tessera/kit/host'
import { limits, TesseraError } from '@tessera/protocol/values'
import { ordersOnServer } from './orders-on-server.ts'
import { startProcedure } from './procedures.ts'
import { currentCall, needCall } from './scope.ts'

const seedOf = (id: unknown): Promise<SessionSeed | null> => needCall().ask({ kind: 'session.seed', sessionId: readId(id) })

const readId = (id: unknown): SessionId => {
  if (typeof id === 'string') return asSessionId(id)
  throw new TesseraError('BAD_REQUEST', "A session's id is a text.")
}

const sessionInfo = async (id: string): Promise<SessionInfo | null> => (await seedOf(id))?.facts.info ?? null

const processActivity: KitHost['processActivity'] = async (id, options) => {
  if (options !== 0 && options !== 1 && options !== 2)
    throw new TesseraError('BAD_REQUEST', 'processActivity takes 0 (all), 1 (processes only) or 2 (sessions only).')
  return needCall().ask({ kind: 'process.activity', sessionId: id === null ? null : readId(id), options })
}

const sessionStorage = async (id: string): Promise<StorageOfKit | null> => {
  const call = needCall()
  return call.room.storageOf(call, readId(id))
}

const progress = (fraction: number, text: string): void => {
  const call = needCall()
  if (!call.process.session.isStoredProcedures() || Number.isNaN(fraction)) return
  call.room.progressed(call, Math.min(1, Math.max(0, fraction)), String(text).slice(0, limits.progressCharacters))
}

const host: KitHost = {
  session: () => currentCall()?.session ?? null,
  currentProcess: () => needCall().view,
  startProcedure,
  progress,
  sessionInfo,
  sessionStorage,
  processActivity,
  ...ordersOnServer,
  reloadProject: async () => {
    await needCall().ask({ kind: 'project.reload' })
  },
  callServer: (method) => Promise.reject(new TesseraError('NOT_AVAILABLE_HERE', `"${method}" is called over the wire by client halves only: import it.`)),
  remote: null,
}

/** Makes the kit of every package loaded in this process find the server. Once is enough; again does no harm. */
export const installServerKitHost = (): void => installKitHost(host)
