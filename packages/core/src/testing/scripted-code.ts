import type { Problem, Storable } from '@tessera/protocol'
import type { Digest } from '../ids.ts'
import type { DatabaseMethodName, MethodFacts, ProcessFacts, SessionFacts } from '../ports/isolate-host.ts'
import type { Ask, ScriptedStorage } from './scripted-storage.ts'

/** What a scripted method knows of the call that it runs in. */
export interface Scope {
  readonly digest: Digest
  readonly process: ProcessFacts & { readonly variables: Map<string, Storable> }
  readonly session: { facts(): SessionFacts; readonly storage: ScriptedStorage }
  readonly signal: { aborted: boolean; reason: string | undefined }
  readonly ask: Ask
  progress(fraction: number, text: string): void
}

export type ScriptedMethod = (scope: Scope, ...args: readonly Storable[]) => unknown

/** The server half of a package, as functions of a test. */
export interface ScriptedCode {
  /** A function alone is a method made with onServer. */
  methods?: Readonly<Record<string, ScriptedMethod | ({ run: ScriptedMethod } & Partial<Omit<MethodFacts, 'name'>>)>>
  database?: Readonly<Partial<Record<DatabaseMethodName, ScriptedMethod>>>
  /** Code that cannot be loaded. */
  broken?: readonly Problem[]
}

export const factsOf = ({ methods = {} }: ScriptedCode): MethodFacts[] =>
  Object.entries(methods).map(([name, method]) => {
    const given: Partial<MethodFacts> = typeof method === 'function' ? {} : method
    const { onServer = true, exposed = false, groups = [], deadlineMs = null } = given
    return { name, onServer, exposed, groups, deadlineMs }
  })

export const methodOf = ({ methods = {} }: ScriptedCode, name: string): ScriptedMethod | undefined => {
  const method = methods[name]
  return typeof method === 'function' ? method : method?.run
}
