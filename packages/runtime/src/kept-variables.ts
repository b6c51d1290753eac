import type { ProcessId, SessionId } from '@tessera/core'
import type { StorableText } from '@tessera/protocol/values'
import type { VariableChange } from './messages.ts'

/** The variables of all processes as their isolates last told them: what a replacement isolate is given (rule X4). */
export class KeptVariables {
  readonly #sessions = new Map<SessionId, Map<ProcessId, Map<string, StorableText>>>()

  keep(sessionId: SessionId, process: ProcessId, changes: readonly VariableChange[]): void {
    const processes = this.#sessions.get(sessionId) ?? new Map<ProcessId, Map<string, StorableText>>()
    const variables = processes.get(process) ?? new Map<string, StorableText>()
    this.#sessions.set(sessionId, processes.set(process, variables))
    for (const [name, text] of changes) {
      if (text === null) variables.delete(name)
      else variables.set(name, text)
    }
  }

  of(sessionId: SessionId, process: ProcessId): readonly VariableChange[] {
    return [...(this.#sessions.get(sessionId)?.get(process) ?? [])]
  }

  sessions(): IterableIterator<SessionId> {
    return this.#sessions.keys()
  }

  forgetProcess(sessionId: SessionId, process: ProcessId): void {
    this.#sessions.get(sessionId)?.delete(process)
  }

  forgetSession(sessionId: SessionId): void {
    this.#sessions.delete(sessionId)
  }
}
