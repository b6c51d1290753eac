import type { Problem } from '@tessera/protocol'
import type ts from 'typescript'
import type { GraphModule } from '../compile/module-graph.ts'
import { nameOfCode } from '../folder/layout.ts'
import { compiler } from '../typescript.ts'
import { problemAt, problemOn } from './spot.ts'
import type { TypedProject } from './type-program.ts'

/** How many numbers the server gives to the method; those of the connection get user, connection and zero (4d.md DBM-11). */
const givenNumbers = (name: string): number => (name === 'onServerOpenConnection' || name === 'onServerCloseConnection' ? 3 : 0)

/** The server calls database methods with arguments of its own, and looks at what some of them answer. */
export const checkDatabaseMethod = ({ path, part }: GraphModule, typed: TypedProject): Problem[] => {
  if (part !== 'database') return []
  const source = typed.sourceFileOf(path)
  const exported = source === undefined ? undefined : defaultExportOf(source, typed.checker)
  if (source === undefined || exported === undefined) return []
  const name = nameOfCode(path)
  const start = exported.declarations?.find((declaration) => declaration.getSourceFile() === source)
  const report = (message: string, node: ts.Node | undefined = start): Problem => {
    const rest = { severity: 'error', code: 'database-method-signature', message } as const
    return node === undefined || node.getSourceFile() !== source ? problemAt({ path, source, offset: 0 }, rest) : problemOn(path, node, rest)
  }
  const type = typed.checker.getTypeOfSymbolAtLocation(exported, source)
  if (type.flags & compiler.TypeFlags.Any) return []
  const signatures = type.getCallSignatures()
  if (signatures.length === 0) return [report(`the default export of ${name} must be a function`)]
  return signatures.flatMap((signature) => [
    ...checkParameters({ name, signature, report }, typed.checker),
    ...checkAnswer({ name, signature, report }, typed.checker),
  ])
}

const defaultExportOf = (source: ts.SourceFile, checker: ts.TypeChecker): ts.Symbol | undefined => {
  const module = checker.getSymbolAtLocation(source)
  const exported = module === undefined ? undefined : checker.tryGetMemberInModuleExports('default', module)
  return exported !== undefined && exported.flags & compiler.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
}

interface Looked {
  name: string
  signature: ts.Signature
  report(message: string, node?: ts.Node): Problem
}

const checkParameters = ({ name, signature, report }: Looked, checker: ts.TypeChecker): Problem[] => {
  const given = givenNumbers(name)
  return signature.getParameters().flatMap((parameter, at) => {
    const declaration = parameter.valueDeclaration
    const parameterNode = declaration !== undefined && compiler.isParameter(declaration) ? declaration : undefined
    if (parameterNode?.dotDotDotToken !== undefined) return []
    if (at >= given)
      return isOptional(parameterNode, checker)
        ? []
        : [report(`${name} is called with ${given === 0 ? 'no arguments' : `${given} arguments`}: nothing is given for ${parameter.name}`, parameterNode)]
    const type = declaration === undefined ? checker.getTypeOfSymbol(parameter) : checker.getTypeOfSymbolAtLocation(parameter, declaration)
    const accepted = at === 2 ? checker.getNumberLiteralType(0) : checker.getNumberType()
    return checker.isTypeAssignableTo(accepted, type)
      ? []
      : [report(`${name} is called with a number for ${parameter.name}, which is ${checker.typeToString(type)}`, parameterNode)]
  })
}

const isOptional = (node: ts.ParameterDeclaration | undefined, checker: ts.TypeChecker): boolean => node !== undefined && checker.isOptionalParameter(node)

/** Open Connection answers a number, or a code with a text; all others answer nothing that is looked at. */
const checkAnswer = ({ name, signature, report }: Looked, checker: ts.TypeChecker): Problem[] => {
  if (name !== 'onServerOpenConnection') return []
  const answered = checker.getAwaitedType(signature.getReturnType()) ?? signature.getReturnType()
  const members = answered.isUnion() ? answered.types : [answered]
  if (members.every((member) => isConnectionAnswer(member, checker))) return []
  return [report(`${name} answers ${checker.typeToString(answered)}: it must answer a number, { code, text } or nothing`, signature.declaration)]
}

const isConnectionAnswer = (type: ts.Type, checker: ts.TypeChecker): boolean => {
  if (type.flags & (compiler.TypeFlags.Any | compiler.TypeFlags.NumberLike | compiler.TypeFlags.VoidLike | compiler.TypeFlags.Never)) return true
  const code = type.getProperty('code')
  const text = type.getProperty('text')
  return (
    code !== undefined &&
    isLike(code, compiler.TypeFlags.NumberLike, checker) &&
    (text === undefined || isLike(text, compiler.TypeFlags.StringLike | compiler.TypeFlags.Undefined, checker))
  )
}

const isLike = (symbol: ts.Symbol, flags: ts.TypeFlags, checker: ts.TypeChecker): boolean => {
  const type = checker.getTypeOfSymbol(symbol)
  return (type.isUnion() ? type.types : [type]).every((member) => (member.flags & flags) !== 0)
}
