import type { ProcessFacts } from '@tessera/core'
import type { VariableChange } from '../messages.ts'
import { ProcessVariables } from './process-variables.ts'
import type { ServerSession } from './session.ts'

/** A process of a session as its isolate knows it. */
export interface ProjectProcess {
  facts: ProcessFacts
  session: ServerSession
  variables: ProcessVariables
  /** Counted from the isolate's start, as its host counts those that it opens. */
  ordinal: number
}

export const createProjectProcess = ({ variables, ...rest }: Omit<ProjectProcess, 'variables'> & { variables: readonly VariableChange[] }): ProjectProcess => ({
  ...rest,
  variables: new ProcessVariables(variables),
})
