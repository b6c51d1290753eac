import type ts from 'typescript'
import { compiler } from '../typescript.ts'

/** Why values of a type cannot travel, and where in it: `.items[].price is a function`. */
export type NotStorable = string

const maxDepth = 12

/** Null where every value of the type can be kept as session storage, arguments and results are (4d.md ST-01). */
export const whyNotStorable = (type: ts.Type, typed: { program: ts.Program; checker: ts.TypeChecker }): NotStorable | null =>
  new Inspection(typed.program, typed.checker).inspect(type, [])

class Inspection {
  readonly #program: ts.Program
  readonly #checker: ts.TypeChecker
  readonly #seen = new Set<ts.Type>()

  constructor(program: ts.Program, checker: ts.TypeChecker) {
    this.#program = program
    this.#checker = checker
  }

  inspect(type: ts.Type, path: readonly string[]): NotStorable | null {
    if (this.#seen.has(type) || path.length > maxDepth) return null
    this.#seen.add(type)
    if (type.flags & compiler.TypeFlags.ESSymbolLike) return says(path, 'a symbol')
    if (type.isUnion()) return firstOf(type.types, (member) => this.inspect(member, path))
    if (type.isIntersection()) return this.#inspectIntersection(type, path)
    if (type.flags & compiler.TypeFlags.TypeParameter) return this.#inspectConstraint(type, path)
    return type.flags & compiler.TypeFlags.Object ? this.#inspectObject(type, path) : null
  }

  /** A primitive with a mark on it, as branded ids are, is that primitive. */
  #inspectIntersection(type: ts.IntersectionType, path: readonly string[]): NotStorable | null {
    if (type.types.some((member) => member.flags & primitive)) return null
    return this.#whatItIs(type, path) ?? this.#inspectMembers(type, path)
  }

  #inspectConstraint(type: ts.Type, path: readonly string[]): NotStorable | null {
    const constraint = this.#checker.getBaseConstraintOfType(type)
    return constraint === undefined ? null : this.inspect(constraint, path)
  }

  #inspectObject(type: ts.Type, path: readonly string[]): NotStorable | null {
    if (this.#checker.isArrayType(type) || this.#checker.isTupleType(type)) {
      return firstOf(this.#checker.getTypeArguments(type as ts.TypeReference), (item) => this.inspect(item, [...path, '[]']))
    }
    const name = type.symbol?.name ?? ''
    if ((name === 'Date' || name === 'Uint8Array') && this.#isLibrary(type.symbol)) return null
    return this.#whatItIs(type, path) ?? this.#inspectMembers(type, path)
  }

  #whatItIs(type: ts.Type, path: readonly string[]): NotStorable | null {
    if (type.getCallSignatures().length > 0) return says(path, 'a function')
    if (type.getConstructSignatures().length > 0) return says(path, 'a class')
    const { symbol } = type
    if (symbol === undefined || symbol.name.startsWith('__')) return null
    if (symbol.flags & compiler.SymbolFlags.Class) return says(path, `an instance of the class ${symbol.name}`)
    return symbol.flags & compiler.SymbolFlags.Interface && this.#isLibrary(symbol) ? says(path, `a ${symbol.name}`) : null
  }

  #inspectMembers(type: ts.Type, path: readonly string[]): NotStorable | null {
    for (const { keyType, type: valueType } of this.#checker.getIndexInfosOfType(type)) {
      if (keyType.flags & compiler.TypeFlags.ESSymbolLike) continue
      const why = this.inspect(valueType, [...path, '[]'])
      if (why !== null) return why
    }
    // Members under symbols are not written: they mark types, as brands do.
    const members = type.getProperties().filter(({ name }) => !name.startsWith('__@'))
    return firstOf(members, (member) => this.inspect(this.#checker.getTypeOfSymbol(member), [...path, `.${member.name}`]))
  }

  #isLibrary(symbol: ts.Symbol | undefined): boolean {
    return (symbol?.declarations ?? []).some((declaration) => {
      const source = declaration.getSourceFile()
      return this.#program.isSourceFileDefaultLibrary(source) || source.fileName.includes('/@types/node/')
    })
  }
}

const primitive = compiler.TypeFlags.StringLike | compiler.TypeFlags.NumberLike | compiler.TypeFlags.BigIntLike | compiler.TypeFlags.BooleanLike

const says = (path: readonly string[], what: string): NotStorable => (path.length === 0 ? `is ${what}` : `holds ${what} at ${path.join('').replace(/^\./, '')}`)

const firstOf = <Item>(items: readonly Item[], look: (item: Item) => NotStorable | null): NotStorable | null => {
  for (const item of items) {
    const why = look(item)
    if (why !== null) return why
  }
  return null
}
