import ts from 'typescript'

/**
 * @typedef {object} Import
 * @property {string} specifier
 * @property {boolean} typeOnly gone after compiling: `import type`, `export type ... from`, `import('x').T`. An `import { type T }`
 *   is not: verbatimModuleSyntax keeps it as an import for its effects
 * @property {number} line counted from 1
 */

/**
 * Every import of one file: static, re-exported, dynamic with a literal, `require`, and `import()` types.
 * @param {string} path
 * @param {string} text
 * @returns {Import[]}
 */
export const readImports = (path, text) => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false)
  const found = []
  const visit = (node) => {
    const one = importOf(node)
    if (one) found.push({ ...one, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1 })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const importOf = (node) => {
  if (ts.isImportDeclaration(node)) return { specifier: textOf(node.moduleSpecifier), typeOnly: node.importClause?.isTypeOnly ?? false }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) return { specifier: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return { specifier: textOf(node.argument.literal), typeOnly: true }
  if (ts.isCallExpression(node) && isImportCall(node) && ts.isStringLiteralLike(node.arguments[0]))
    return { specifier: textOf(node.arguments[0]), typeOnly: false }
  return null
}

const isImportCall = (call) =>
  call.arguments.length > 0 &&
  (call.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(call.expression) && call.expression.text === 'require'))

const textOf = (literal) => literal.text
