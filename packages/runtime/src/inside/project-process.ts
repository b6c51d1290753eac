import type { ProcessFacts } from '@tessera/core'
import type { VariableChange } from '../messages.ts'
import { ProcessVariables } from './process-variables.ts'
import type { ServerSession } from './session.ts'

/** A process of a session as its isolate knows it. */
export interface ProjectProcess {
  facts: ProcessFacts
  session: ServerSession
  variables: ProcessVariables
}

export const createProjectProcess = (facts: ProcessFacts, session: ServerSession, variables: readonly VariableChange[]): ProjectProcess => ({
  facts,
  session,
  variables: new ProcessVariables(variables),
})
