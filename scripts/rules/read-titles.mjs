import ts from 'typescript'

const testNames = new Set(['test', 'it'])
const groupNames = new Set(['describe', 'suite'])
const neverRun = new Set(['skip', 'todo'])
const leadingIds = /^((?:[A-Z]{1,2}\d{1,3})(?:\s*(?:,|and|\+)\s*[A-Z]{1,2}\d{1,3})*)(?=[\s:.]|$)/

/**
 * @typedef {object} Title
 * @property {string[]} ids the rule ids that the title starts with
 * @property {number} line counted from 1
 * @property {boolean} covers false where no test ever runs under it: skipped, or a group without tests
 */

/**
 * The titles of one test file that start with rule ids: `test('S12 ...')`, `it.each(rows)('S12, S13: ...')`, `describe('S12 ...')`.
 * @param {string} path
 * @param {string} text
 * @returns {Title[]}
 */
export const readTitles = (path, text) => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false)
  const titles = []
  /** @returns {number} how many tests stand under the node */
  const visit = (node, skipped) => {
    const call = ts.isCallExpression(node) ? testCall(node) : null
    const skippedHere = skipped || (call?.skipped ?? false)
    let tests = call?.kind === 'test' && !skippedHere ? 1 : 0
    ts.forEachChild(node, (child) => {
      tests += visit(child, skippedHere)
    })
    if (call && call.ids.length > 0)
      titles.push({ ids: call.ids, line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1, covers: tests > 0 })
    return tests
  }
  visit(source, false)
  return titles.sort((one, other) => one.line - other.line)
}

const testCall = (call) => {
  const [title] = call.arguments
  if (!title || !(ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) return null
  const names = calledNames(call.expression)
  const kind = testNames.has(names[0]) ? 'test' : groupNames.has(names[0]) ? 'group' : null
  if (!kind) return null
  // Playwright's groups: test.describe('...').
  const group = kind === 'group' || names.some((name) => groupNames.has(name))
  return {
    kind: group ? 'group' : 'test',
    skipped: names.some((name) => neverRun.has(name)),
    ids: idsOf(ts.isTemplateExpression(title) ? title.head.text : title.text),
  }
}

/** `it.skipIf(x).each(y)` gives it, skipIf, each. */
const calledNames = (expression) => {
  if (ts.isIdentifier(expression)) return [expression.text]
  if (ts.isPropertyAccessExpression(expression)) return [...calledNames(expression.expression), expression.name.text]
  if (ts.isCallExpression(expression) || ts.isTaggedTemplateExpression(expression)) return calledNames(expression.expression ?? expression.tag)
  return []
}

/** @param {string} title */
export const idsOf = (title) => leadingIds.exec(title)?.[1].match(/[A-Z]{1,2}\d{1,3}/g) ?? []
