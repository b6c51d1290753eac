import type { Problem } from '@tessera/protocol'
import type ts from 'typescript'
import { type GraphModule, isOnServerMethod } from '../compile/module-graph.ts'
import { readSourceModule } from '../compile/source-module.ts'
import { compiler } from '../typescript.ts'
import { problemOn } from './spot.ts'
import { whyNotStorable } from './storable-type.ts'
import type { TypedProject } from './type-program.ts'

/** Arguments and results of server methods travel: what cannot be kept as text is found here, not at the first call. */
export const checkServerMethod = (module: GraphModule, typed: TypedProject): Problem[] => {
  if (!isOnServerMethod(module)) return []
  const { path } = module
  const source = typed.sourceFileOf(path)
  const method = source === undefined ? undefined : readSourceModule(source).onServerCall?.arguments[0]
  if (method === undefined) return []
  return typed.checker
    .getTypeAtLocation(method)
    .getCallSignatures()
    .flatMap((signature) => [...checkParameters({ path, method, signature }, typed), ...checkResult({ path, method, signature }, typed)])
}

interface MethodSignature {
  path: string
  method: ts.Expression
  signature: ts.Signature
}

const checkParameters = ({ path, method, signature }: MethodSignature, typed: TypedProject): Problem[] =>
  signature.getParameters().flatMap((parameter) => {
    const why = whyNotStorable(typed.checker.getTypeOfSymbolAtLocation(parameter, method), typed)
    return why === null
      ? []
      : [refuse(path, placeOf(parameter.valueDeclaration, method), `the argument ${parameter.name} ${why}, which cannot travel to the server`)]
  })

const checkResult = ({ path, method, signature }: MethodSignature, typed: TypedProject): Problem[] => {
  const declared = signature.getReturnType()
  const why = whyNotStorable(typed.checker.getAwaitedType(declared) ?? declared, typed)
  if (why === null) return []
  const annotation = signature.declaration?.type
  const place = annotation !== undefined && compiler.isTypeNode(annotation) ? placeOf(annotation, method) : method
  return [refuse(path, place, `the result ${why}, which cannot travel back to the caller`)]
}

/** Where the author wrote it, unless that is in another file. */
const placeOf = (node: ts.Node | undefined, method: ts.Expression): ts.Node =>
  node !== undefined && node.getSourceFile() === method.getSourceFile() ? node : method

const refuse = (path: string, node: ts.Node, message: string): Problem =>
  problemOn(path, node, { severity: 'error', code: 'not-storable-export', message: `${message}: use JSON values, Date, bigint or Uint8Array` })
