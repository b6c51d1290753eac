import { asProcessId } from '@tessera/core/ids'
import type { KitHost } from '@tessera/kit/host'
import { decodeStorable, encodeStorable, type ProcedureHandle, type ProcedureLine, type ProcedureProgress, StartedProcedure } from '@tessera/protocol/values'
import type { Call } from './call.ts'
import { bindToCall, needCall } from './scope.ts'

/** `storedProcedures.start` on the server: the line to the procedure is the call that starts it. */
export const startProcedure: KitHost['startProcedure'] = async (method, args, { name = '', unique = false }) => {
  const call = needCall()
  const { process, number } = await call.ask({ kind: 'procedure.start', method, args: encodeStorable(args), processName: name, unique })
  return new ProcedureInCall({ id: process, number, name: name || method }, lineOf(call))
}

/** Listeners run as part of the call that registers them. */
class ProcedureInCall extends StartedProcedure {
  override onProgress(listener: (progress: ProcedureProgress) => void): ReturnType<ProcedureHandle['onProgress']> {
    return super.onProgress(bindToCall(listener))
  }
}

const lineOf = (call: Call): ProcedureLine => ({
  result: async (id) => decodeStorable((await call.ask({ kind: 'procedure.result', process: asProcessId(id) })).value),
  cancel: async (id, reason) => (await call.ask({ kind: 'procedure.cancel', process: asProcessId(id), reason: String(reason) })).told,
  // Ends with the procedure, or with the process that follows it.
  follow: (id, heard) => follow(call, id, heard).catch(() => undefined),
})

const follow = async (call: Call, id: string, heard: (progress: ProcedureProgress) => void): Promise<void> => {
  let after = 0
  for (;;) {
    const { seen, progress, running } = await call.ask({ kind: 'procedure.progress', process: asProcessId(id), after })
    if (progress !== null && seen > after) heard(progress)
    if (!running) return
    after = seen
  }
}
