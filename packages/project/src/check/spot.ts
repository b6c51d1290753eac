import type { Problem } from '@tessera/protocol'
import type ts from 'typescript'

/** A problem at an offset of a project's source file. */
export interface Spot {
  path: string
  source: ts.SourceFile
  offset: number
}

export const problemAt = ({ path, source, offset }: Spot, rest: Pick<Problem, 'severity' | 'code' | 'message'>): Problem => {
  const { line, character } = source.getLineAndCharacterOfPosition(offset)
  return { file: path, line: line + 1, column: character + 1, ...rest }
}

export const problemOn = (path: string, node: ts.Node, rest: Pick<Problem, 'severity' | 'code' | 'message'>): Problem => {
  const source = node.getSourceFile()
  return problemAt({ path, source, offset: node.getStart(source) }, rest)
}
