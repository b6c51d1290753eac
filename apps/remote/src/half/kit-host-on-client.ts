import type { CurrentProcess } from '@tessera/kit'
import type { KitHost } from '@tessera/kit/host'
import { TesseraError } from '@tessera/protocol'
import type { RemoteSurface } from './remote-surface.ts'

/** What the kit finds in a client half: the server through the launcher, and nothing of what belongs to the server. */
export const kitHostOnClient = (remote: RemoteSurface): KitHost => ({
  // 4d.md SES-03: there is no session object on a remote client.
  session: () => null,
  callServer: (method, args) => remote.callIn(null, method, args),
  remote,
  // Always the local list, whatever was asked for (4d.md PRC-41).
  processActivity: async () => remote.processes.activity(),
  currentProcess: (): CurrentProcess => {
    throw notHere('currentProcess()')
  },
  progress: () => {
    throw notHere('progress()')
  },
  startProcedure: (method, args, options) => remote.procedures.start(method, args, options),
  sessionInfo: async () => Promise.reject(notHere('sessionInfo()')),
  sessionStorage: async () => Promise.reject(notHere('sessionStorage()')),
  executeOnClient: async () => Promise.reject(notHere('executeOnClient()')),
  registeredClients: async () => Promise.reject(notHere('registeredClients()')),
  sendMessage: async () => Promise.reject(notHere('sendMessage()')),
  reloadProject: async () => Promise.reject(notHere('reloadProject()')),
})

const notHere = (what: string): TesseraError =>
  new TesseraError('NOT_AVAILABLE_HERE', `${what} works on the server: call it from a server method that the client half calls.`)
