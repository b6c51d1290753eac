import type ts from 'typescript'
import { compiler } from '../typescript.ts'

/** One import or re-export of a module, erased ones (`import type`) left out. */
export interface ModuleImport {
  specifier: string
  /** Offset of the specifier in the text. */
  offset: number
  /** Names taken; `*` for all of them, none for an import that only runs the module. */
  names: readonly string[]
}

/** What the packer needs to know of a source file, read from its syntax alone. */
export interface SourceModule {
  syntax: ts.SourceFile
  imports: readonly ModuleImport[]
  /** Every specifier, those of erased imports too: what the module's types may depend on. */
  specifiers: readonly string[]
  /** `onServer`: made by a call of the kit's `onServer`. */
  defaultExport: 'onServer' | 'other' | 'none'
  /** The call of `onServer` that makes the default export. */
  onServerCall: ts.CallExpression | null
  /** Where the kit's `onServer` is used, wherever that is. */
  onServerUses: readonly number[]
  /** Offsets of `import()` of something that is no plain text, which nothing can follow. */
  computedImports: readonly number[]
}

export const kitSpecifier = '@tessera/kit'

export const parseSourceModule = (path: string, text: string): SourceModule =>
  readSourceModule(compiler.createSourceFile(path, text, compiler.ScriptTarget.ES2023, true))

export const readSourceModule = (syntax: ts.SourceFile): SourceModule => {
  const reading = new Reading(syntax)
  return { syntax, specifiers: findSpecifiers(syntax), ...reading.result() }
}

const findSpecifiers = (syntax: ts.SourceFile): string[] => compiler.preProcessFile(syntax.text, true, false).importedFiles.map(({ fileName }) => fileName)

class Reading {
  readonly #syntax: ts.SourceFile
  readonly #imports: ModuleImport[] = []
  readonly #computed: number[] = []
  readonly #uses: number[] = []
  readonly #onServerNames = new Set<string>()
  readonly #kitNamespaces = new Set<string>()

  constructor(syntax: ts.SourceFile) {
    this.#syntax = syntax
    for (const statement of syntax.statements) this.#readStatement(statement)
    this.#walk(syntax)
  }

  result(): Omit<SourceModule, 'syntax' | 'specifiers'> {
    const exported = this.#findDefault()
    const call = exported === null || exported === 'elsewhere' ? null : this.#onServerCallOf(exported)
    return {
      imports: this.#imports,
      computedImports: this.#computed,
      onServerUses: this.#uses,
      onServerCall: call,
      defaultExport: exported === null ? 'none' : call === null ? 'other' : 'onServer',
    }
  }

  #readStatement(statement: ts.Statement): void {
    if (compiler.isImportDeclaration(statement)) this.#readImport(statement)
    else if (compiler.isExportDeclaration(statement) && !statement.isTypeOnly && statement.moduleSpecifier !== undefined) {
      const { exportClause } = statement
      const named = exportClause !== undefined && compiler.isNamedExports(exportClause) ? exportClause.elements.filter((element) => !element.isTypeOnly) : null
      const names = named === null ? ['*'] : named.map((element) => (element.propertyName ?? element.name).text)
      if (names.length > 0) this.#note(statement.moduleSpecifier, names)
      // Handed on under another module's name, the kit's onServer could not be recognised any more.
      if (isKit(statement.moduleSpecifier) && (names.includes('*') || names.includes('onServer'))) this.#uses.push(statement.getStart(this.#syntax))
    }
  }

  #readImport({ importClause, moduleSpecifier }: ts.ImportDeclaration): void {
    if (importClause === undefined) {
      this.#note(moduleSpecifier, [])
      return
    }
    if (importClause.isTypeOnly) return
    const names = importClause.name === undefined ? [] : ['default']
    const { namedBindings } = importClause
    if (namedBindings !== undefined && compiler.isNamespaceImport(namedBindings)) names.push('*')
    if (namedBindings !== undefined && compiler.isNamedImports(namedBindings)) {
      names.push(...namedBindings.elements.filter((element) => !element.isTypeOnly).map((element) => (element.propertyName ?? element.name).text))
    }
    if (names.length > 0) this.#note(moduleSpecifier, names)
    if (isKit(moduleSpecifier) && namedBindings !== undefined) this.#noteKitNames(namedBindings)
  }

  #noteKitNames(bindings: ts.NamedImportBindings): void {
    if (compiler.isNamespaceImport(bindings)) {
      this.#kitNamespaces.add(bindings.name.text)
      return
    }
    for (const { name, propertyName } of bindings.elements) if ((propertyName ?? name).text === 'onServer') this.#onServerNames.add(name.text)
  }

  #note(specifier: ts.Expression, names: readonly string[]): void {
    if (compiler.isStringLiteralLike(specifier)) this.#imports.push({ specifier: specifier.text, offset: specifier.getStart(this.#syntax), names })
    else this.#computed.push(specifier.getStart(this.#syntax))
  }

  #walk(node: ts.Node): void {
    if (compiler.isImportDeclaration(node)) return
    if (compiler.isCallExpression(node) && node.expression.kind === compiler.SyntaxKind.ImportKeyword && node.arguments[0] !== undefined) {
      this.#note(node.arguments[0], ['*'])
      if (isKit(node.arguments[0])) this.#uses.push(node.getStart(this.#syntax))
    }
    if (compiler.isExpression(node) && (this.#isOnServer(node) || this.#isWholeKit(node))) this.#uses.push(node.getStart(this.#syntax))
    compiler.forEachChild(node, (child) => this.#walk(child))
  }

  #isOnServer(node: ts.Expression): boolean {
    if (compiler.isIdentifier(node))
      return this.#onServerNames.has(node.text) && !(compiler.isPropertyAccessExpression(node.parent) && node.parent.name === node)
    return (
      compiler.isPropertyAccessExpression(node) &&
      node.name.text === 'onServer' &&
      compiler.isIdentifier(node.expression) &&
      this.#kitNamespaces.has(node.expression.text)
    )
  }

  /** The kit's namespace used as a value: its onServer may be taken out of it anywhere. */
  #isWholeKit(node: ts.Expression): boolean {
    return compiler.isIdentifier(node) && this.#kitNamespaces.has(node.text) && !compiler.isPropertyAccessExpression(node.parent)
  }

  #onServerCallOf(expression: ts.Expression): ts.CallExpression | null {
    const bare = unwrap(expression)
    if (compiler.isCallExpression(bare)) return this.#isOnServer(unwrap(bare.expression)) ? bare : null
    if (!compiler.isIdentifier(bare)) return null
    const initializer = this.#initializerOf(bare.text)
    return initializer === undefined || unwrap(initializer) === bare ? null : this.#onServerCallOf(initializer)
  }

  /** What a top-level `const` of that name is made of. */
  #initializerOf(name: string): ts.Expression | undefined {
    for (const statement of this.#syntax.statements) {
      if (!compiler.isVariableStatement(statement) || (statement.declarationList.flags & compiler.NodeFlags.Const) === 0) continue
      for (const declaration of statement.declarationList.declarations) {
        if (compiler.isIdentifier(declaration.name) && declaration.name.text === name) return declaration.initializer
      }
    }
    return undefined
  }

  /** `elsewhere`: a default export that is no expression of this file. */
  #findDefault(): ts.Expression | 'elsewhere' | null {
    for (const statement of this.#syntax.statements) {
      if (compiler.isExportAssignment(statement)) return statement.isExportEquals === true ? 'elsewhere' : statement.expression
      if (hasModifier(statement, compiler.SyntaxKind.DefaultKeyword)) return 'elsewhere'
      const named = compiler.isExportDeclaration(statement) ? namedDefault(statement) : null
      if (named !== null) return named
    }
    return null
  }
}

/** `export { main as default }` */
const namedDefault = ({ exportClause, moduleSpecifier }: ts.ExportDeclaration): ts.Expression | 'elsewhere' | null => {
  if (exportClause === undefined || !compiler.isNamedExports(exportClause)) return null
  const element = exportClause.elements.find(({ name, isTypeOnly }) => name.text === 'default' && !isTypeOnly)
  if (element === undefined) return null
  return moduleSpecifier === undefined && element.propertyName !== undefined && compiler.isIdentifier(element.propertyName) ? element.propertyName : 'elsewhere'
}

const isKit = (specifier: ts.Expression): boolean => compiler.isStringLiteralLike(specifier) && specifier.text === kitSpecifier

const hasModifier = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  compiler.canHaveModifiers(node) && (compiler.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind)

/** The expression without what only the checker or the reader sees. */
const unwrap = (expression: ts.Expression): ts.Expression =>
  compiler.isParenthesizedExpression(expression) ||
  compiler.isAsExpression(expression) ||
  compiler.isSatisfiesExpression(expression) ||
  compiler.isNonNullExpression(expression) ||
  compiler.isTypeAssertionExpression(expression)
    ? unwrap(expression.expression)
    : expression
