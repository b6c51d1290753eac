/** One thing that is wrong in a project, a package or a file: where, how bad, what. Lines and columns count from 1. */
export interface Problem {
  /** Path relative to the project folder, with forward slashes; '' where no single file is meant. */
  file: string
  line: number
  column: number
  severity: 'error' | 'warning'
  /** Stable, kebab-case: `type-error`, `unknown-file`, `roles-invalid`, `not-storable`, `mutable-module-state`, ... */
  code: string
  message: string
}

/** `file:line:column severity code message`, as terminals and editors understand it. */
export const formatProblem = (problem: Problem): string =>
  `${problem.file || '.'}:${problem.line}:${problem.column} ${problem.severity} ${problem.code} ${problem.message}`
