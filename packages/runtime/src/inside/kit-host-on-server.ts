import { asProcessId, asSessionId, type SessionId, type SessionSeed } from '@tessera/core'
import type { ProcedureHandle, SessionInfo, Storable, SharedStorage as StorageOfKit } from '@tessera/kit'
import { installKitHost, type KitHost } from '@tessera/kit/host'
import { decodeStorable, encodeStorable, TesseraError } from '@tessera/protocol'
import type { Call } from './call.ts'
import { ordersOnServer } from './orders-on-server.ts'
import { currentCall, needCall } from './scope.ts'

const startProcedure: KitHost['startProcedure'] = async (method, args, { name = '', unique = false }) => {
  const call = needCall()
  const started = await call.ask({ kind: 'procedure.start', method, args: encodeStorable(args), processName: name, unique })
  return procedureHandle(call, started.process, started.number)
}

const procedureHandle = (call: Call, id: string, number: number): ProcedureHandle => {
  let result: Promise<Storable> | undefined
  return {
    id,
    number,
    // Asked for when somebody wants it: a failure that nobody waits for must not end the starter's call.
    get result() {
      result ??= call.ask({ kind: 'procedure.result', process: asProcessId(id) }).then(({ value }) => decodeStorable(value))
      return result
    },
  }
}

const seedOf = (id: unknown): Promise<SessionSeed | null> => needCall().ask({ kind: 'session.seed', sessionId: readId(id) })

const readId = (id: unknown): SessionId => {
  if (typeof id === 'string') return asSessionId(id)
  throw new TesseraError('BAD_REQUEST', "A session's id is a text.")
}

const sessionInfo = async (id: string): Promise<SessionInfo | null> => (await seedOf(id))?.facts.info ?? null

const sessionStorage = async (id: string): Promise<StorageOfKit | null> => {
  const call = needCall()
  return call.room.storageOf(call, readId(id))
}

const progress = (fraction: number, text: string): void => {
  const call = needCall()
  if (!call.process.session.isStoredProcedures() || Number.isNaN(fraction)) return
  call.room.progressed(call, Math.min(1, Math.max(0, fraction)), String(text).slice(0, maxProgressCharacters))
}

const maxProgressCharacters = 500

const host: KitHost = {
  session: () => currentCall()?.session ?? null,
  currentProcess: () => needCall().view,
  startProcedure,
  progress,
  sessionInfo,
  sessionStorage,
  ...ordersOnServer,
  reloadProject: async () => {
    await needCall().ask({ kind: 'project.reload' })
  },
  callServer: (method) => Promise.reject(new TesseraError('NOT_AVAILABLE_HERE', `"${method}" is called over the wire by client halves only: import it.`)),
  remote: null,
}

/** Makes the kit of every package loaded in this process find the server. Once is enough; again does no harm. */
export const installServerKitHost = (): void => installKitHost(host)
