import type { Problem } from '@tessera/protocol'
import type ts from 'typescript'
import type { GraphModule } from '../compile/module-graph.ts'
import { compiler } from '../typescript.ts'
import { problemOn } from './spot.ts'

/**
 * What a module keeps at its top level is shared by all sessions of an isolate and lost with it: changing it is rarely
 * what its author means, so each such place is a warning.
 */
export const checkModuleState = ({ path, source }: GraphModule): Problem[] => findState(source.syntax).map(({ node, what }) => warn(path, node, what))

interface State {
  node: ts.Node
  what: string
}

const warn = (path: string, node: ts.Node, what: string): Problem =>
  problemOn(path, node, {
    severity: 'warning',
    code: 'mutable-module-state',
    message: `${what}: all sessions of an isolate share it, and it is lost with the isolate. Keep it in session().storage or currentProcess().variables`,
  })

const findState = (syntax: ts.SourceFile): State[] => {
  const changed = findChangedNames(syntax)
  return syntax.statements.flatMap((statement) => {
    if (compiler.isClassDeclaration(statement)) return statement.members.flatMap((member) => staticState(member))
    if (!compiler.isVariableStatement(statement) || isDeclared(statement)) return []
    const { declarations, flags } = statement.declarationList
    if ((flags & compiler.NodeFlags.Const) === 0) {
      const word = flags & compiler.NodeFlags.Let ? 'let' : 'var'
      return declarations.map((node) => ({ node, what: `${node.name.getText(syntax)} is a top-level ${word}` }))
    }
    return declarations.flatMap((node) => constantState(node, changed))
  })
}

const isDeclared = (statement: ts.VariableStatement): boolean => statement.modifiers?.some(({ kind }) => kind === compiler.SyntaxKind.DeclareKeyword) ?? false

const staticState = (member: ts.ClassElement): State[] => {
  if (!compiler.isPropertyDeclaration(member)) return []
  const kinds = new Set((member.modifiers ?? []).map(({ kind }) => kind))
  return kinds.has(compiler.SyntaxKind.StaticKeyword) && !kinds.has(compiler.SyntaxKind.ReadonlyKeyword)
    ? [{ node: member, what: `${member.name.getText()} is a static property that can be set` }]
    : []
}

const collections = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array'])

const constantState = (node: ts.VariableDeclaration, changed: ReadonlySet<string>): State[] => {
  const { initializer, name, type } = node
  if (initializer === undefined || !compiler.isIdentifier(name) || isReadonlyType(type)) return []
  if (compiler.isNewExpression(initializer) && compiler.isIdentifier(initializer.expression) && collections.has(initializer.expression.text)) {
    return [
      {
        node,
        what: `${name.text} is a top-level ${initializer.expression.text} that can change (declare it Readonly${initializer.expression.text} where it does not)`,
      },
    ]
  }
  if (compiler.isArrayLiteralExpression(initializer))
    return [{ node, what: `${name.text} is a top-level array that can change (write "as const" where it does not)` }]
  if (compiler.isObjectLiteralExpression(initializer) && changed.has(name.text))
    return [{ node, what: `${name.text} is a top-level object that this module changes` }]
  return []
}

const isReadonlyType = (type: ts.TypeNode | undefined): boolean => {
  if (type === undefined) return false
  if (compiler.isTypeOperatorNode(type)) return type.operator === compiler.SyntaxKind.ReadonlyKeyword
  return compiler.isTypeReferenceNode(type) && compiler.isIdentifier(type.typeName) && /^Readonly(?:Map|Set|Array)$/.test(type.typeName.text)
}

/** Names through which a member is set or deleted, anywhere in the module. */
const findChangedNames = (syntax: ts.SourceFile): ReadonlySet<string> => {
  const names = new Set<string>()
  const visit = (node: ts.Node): void => {
    const target = changedBy(node)
    if (target !== null && (compiler.isPropertyAccessExpression(target) || compiler.isElementAccessExpression(target))) names.add(rootOf(target))
    compiler.forEachChild(node, visit)
  }
  visit(syntax)
  return names
}

const changedBy = (node: ts.Node): ts.Expression | null => {
  if (compiler.isDeleteExpression(node)) return node.expression
  if (compiler.isPrefixUnaryExpression(node) || compiler.isPostfixUnaryExpression(node)) {
    return node.operator === compiler.SyntaxKind.PlusPlusToken || node.operator === compiler.SyntaxKind.MinusMinusToken ? node.operand : null
  }
  const assigns =
    compiler.isBinaryExpression(node) &&
    node.operatorToken.kind >= compiler.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= compiler.SyntaxKind.LastAssignment
  return assigns ? node.left : null
}

const rootOf = (expression: ts.Expression): string => {
  if (compiler.isPropertyAccessExpression(expression) || compiler.isElementAccessExpression(expression)) return rootOf(expression.expression)
  return compiler.isIdentifier(expression) ? expression.text : ''
}
